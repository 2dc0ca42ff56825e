using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Writes a tree that is put together file by file as a tar archive, a layer's form. Everything is root's, and of the same time, so that the bytes
/// depend on names, modes and content alone.
/// </summary>
/// <param name="into">Gets the archive.</param>
public sealed class TreeArchive(Stream into)
{
    const int BufferSize = 128 * 1024;

    /// <param name="path">In the tree, without a slash at either end; that of a directory comes before what is in it.</param>
    /// <param name="mode">Permissions.</param>
    public void AddDirectory(string path, uint mode) => Begin(path + "/", (uint)FileType.Directory | mode, 0, "");

    public void AddLink(string path, string target) => Begin(path, (uint)FileType.SymbolicLink | 0x1FF, 0, target);

    /// <param name="size">Bytes of the content.</param>
    /// <exception cref="DecantException">The content is shorter or longer.</exception>
    public void AddFile(string path, uint mode, long size, Stream content)
    {
        Begin(path, (uint)FileType.Regular | mode, size, "");
        byte[] buffer = new byte[BufferSize];
        long written = 0;
        for (int read; (read = content.Read(buffer)) > 0; written += read)
            into.Write(buffer, 0, read);
        if (written != size)
            throw new DecantException($"{PathBytes.Printable(path)} changed its size while it was read");
        TarWriter.Pad(into, size);
    }

    public void End() => TarWriter.WriteEnd(into);

    void Begin(string name, uint mode, long size, string link) => TarWriter.WriteEntry(into, new TarItem(name, FileStatus.Made(mode, size), link, []));
}
