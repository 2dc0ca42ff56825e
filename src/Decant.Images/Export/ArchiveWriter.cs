namespace Decant.Images;

/// <summary>Writes files of an image's own, such as blobs and manifests, as a tar archive whose bytes depend on them alone: no owners, no times.</summary>
sealed class ArchiveWriter(Stream into)
{
    const uint DirectoryMode = 0x1ED; // 0755
    const uint FileMode = 0x1A4; // 0644

    readonly TreeArchive archive = new(into);

    /// <summary>The name ends without a slash.</summary>
    public void AddDirectory(string name) => archive.AddDirectory(name, DirectoryMode);

    public void AddFile(string name, byte[] content) => AddFile(name, content.Length, new MemoryStream(content));

    /// <summary>The content is as long as is said, or its stream throws.</summary>
    public void AddFile(string name, long size, Stream content) => archive.AddFile(name, FileMode, size, content);

    public void End() => archive.End();
}
