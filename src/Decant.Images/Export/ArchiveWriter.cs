using Decant.Linux;

namespace Decant.Images;

/// <summary>Writes files of an image's own, such as blobs and manifests, as a tar archive whose bytes depend on them alone: no owners, no times.</summary>
sealed class ArchiveWriter(Stream into)
{
    const uint DirectoryMode = 0x1ED; // 0755
    const uint FileMode = 0x1A4; // 0644

    /// <summary>The name ends without a slash.</summary>
    public void AddDirectory(string name) => Begin(name + "/", (uint)FileType.Directory | DirectoryMode, 0);

    public void AddFile(string name, byte[] content)
    {
        Begin(name, (uint)FileType.Regular | FileMode, content.Length);
        into.Write(content);
        TarWriter.Pad(into, content.Length);
    }

    /// <summary>The content is as long as is said, or its stream throws.</summary>
    public void AddFile(string name, long size, Stream content)
    {
        Begin(name, (uint)FileType.Regular | FileMode, size);
        content.CopyTo(into, 128 * 1024);
        TarWriter.Pad(into, size);
    }

    public void End() => TarWriter.WriteEnd(into);

    void Begin(string name, uint mode, long size)
    {
        FileStatus status = new()
        {
            Mode = mode,
            Owner = 0,
            Group = 0,
            Size = size,
            Blocks = 0,
            Inode = 0,
            Links = 1,
            Device = default,
            Represents = default,
            Modified = default,
            Changed = default,
        };
        TarWriter.WriteEntry(into, new TarItem(name, status, "", []));
    }
}
