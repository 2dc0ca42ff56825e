using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>A stack of layers as one plain directory, for hosts without overlayfs: files are hard links to those of the layers.</summary>
public static class FlatRoot
{
    const uint OwnerOnly = 0x1C0;

    /// <summary>Fills a directory with what the layers show together.</summary>
    /// <param name="layers">Absolute host directories in overlayfs form, topmost first.</param>
    /// <param name="target">An existing, empty directory; on the layers' file system, or files are copied.</param>
    public static void Build(IReadOnlyList<string> layers, string target)
    {
        MetadataWriter metadata = new(CallerNamespace.IsRoot);
        List<(MergedDirectory Directory, string Path)> directories = [(new MergedDirectory([.. layers]), target)];
        for (int i = 0; i < directories.Count; i++)
            Fill(directories[i].Directory, directories[i].Path, directories, metadata);

        // Innermost first: what is made in a directory changes its times, and its mode may forbid it.
        for (int i = directories.Count - 1; i >= 0; i--)
        {
            if (directories[i].Directory.At(0) is not { } like)
                continue;
            using DeepPath from = DeepPath.Open(like);
            using DeepPath path = DeepPath.Open(directories[i].Path);
            using SafeFileHandle directory = LinuxFile.Open(path.Directory, path.Path, OpenFlags.ReadOnly | OpenFlag.Directory);
            metadata.Apply(directory, ".", FileMetadata.Read(from.WholePath), isLink: false, directories[i].Path);
        }
    }

    static void Fill(MergedDirectory merged, string target, List<(MergedDirectory Directory, string Path)> directories, MetadataWriter metadata)
    {
        using DeepPath path = DeepPath.Open(target);
        using SafeFileHandle into = LinuxFile.Open(path.Directory, path.Path, OpenFlags.ReadOnly | OpenFlag.Directory);
        List<string> names = [];
        merged.AddNames(new HashSet<string>(StringComparer.Ordinal), names);
        foreach (string name in names)
        {
            Errno errno = merged.TryFind(name, out FileStatus status, out string hostPath, out int index);
            if (errno != Errno.None)
                throw new LinuxException("stat", hostPath, errno);
            if (status.IsDirectory)
            {
                LinuxFile.MakeDirectory(into, name, OwnerOnly);
                directories.Add((new MergedDirectory(merged, name, hostPath, index), MergedDirectory.Join(target, name)));
                continue;
            }

            using DeepPath from = DeepPath.Open(hostPath);
            errno = LinuxFile.TryLink(from.Directory, from.Path, into, name);
            if (errno is Errno.EXDEV or Errno.EMLINK or Errno.EPERM)
                errno = FileCopy.TryCopy(from.Directory, from.Path, into, name, metadata);
            if (errno != Errno.None)
                throw new LinuxException("link", hostPath, errno);
        }
    }
}
