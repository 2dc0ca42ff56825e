using Decant.Linux;

namespace Decant.Images;

/// <summary><c>rootfs:DIR</c>: a directory that is a root file system already. <c>run</c> uses it in place; <c>pull</c> copies it.</summary>
public sealed class RootfsSource : ImageSource
{
    internal RootfsSource(string directory)
        : base("rootfs:" + directory) => Directory = directory;

    /// <summary>Absolute.</summary>
    public string Directory { get; }

    internal override string? Stamp() => null;

    internal override SourceImage Open(Platform platform, string scratch)
    {
        Errno errno = LinuxFile.TryStatus(null, Directory, follow: true, out FileStatus status);
        if (errno != Errno.None)
            throw new LinuxException("stat", Directory, errno);
        if (!status.IsDirectory)
            throw new DecantException($"{Text}: not a directory", "for what docker export wrote use tar:FILE");
        string path = DurableFile.TemporaryName(scratch);
        using (FileStream file = DurableFile.Create(path))
        using (BufferedStream buffered = new(file, 128 * 1024))
            TarWriter.WriteTree(Directory, buffered);
        return TreeImage.Open(Text, ArchiveFile.Open(path, scratch, Limits), Path.GetFileName(Directory), platform, Limits);
    }
}
