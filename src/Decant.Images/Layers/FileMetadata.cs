using Decant.Linux;

namespace Decant.Images;

/// <summary>What a file has besides its content.</summary>
readonly record struct FileMetadata(uint Mode, uint Uid, uint Gid, UnixTime Modified, UnixTime Accessed, IReadOnlyList<TarXattr> Xattrs)
{
    public static FileMetadata Of(TarEntry entry) =>
        new(entry.Mode, entry.Uid, entry.Gid, entry.ModifiedTime, entry.AccessedTime ?? entry.ModifiedTime, entry.Xattrs);

    /// <summary>Of a file in a finished layer.</summary>
    /// <param name="path">As <see cref="DeepPath.WholePath"/> has it.</param>
    public static FileMetadata Read(string path) => Of(LinuxFile.Status(path), ReadXattrs(path));

    /// <summary>Of a file that is on disk.</summary>
    public static FileMetadata Of(in FileStatus status, IReadOnlyList<TarXattr> xattrs) =>
        new(status.Permissions, status.Owner, status.Group, status.Modified, status.Modified, xattrs);

    /// <summary>All but those that steer overlayfs: they say something about a layer, not about the file.</summary>
    public static IReadOnlyList<TarXattr> ReadXattrs(string path)
    {
        Errno errno = LinuxFile.TryListXattrs(path, out List<string> names);
        if (errno is not Errno.None and not Errno.EOPNOTSUPP)
            throw new LinuxException("list the attributes of", path, errno);
        if (names.Count == 0)
            return [];
        List<TarXattr> xattrs = [];
        foreach (string name in names)
        {
            if (IsOverlay(name) || name == "security.selinux")
                continue;
            errno = LinuxFile.TryGetXattr(path, name, out byte[] value);
            if (errno == Errno.None)
                xattrs.Add(new TarXattr(name, value));
            else if (errno is not Errno.ENODATA and not Errno.EPERM and not Errno.EACCES)
                throw new LinuxException($"read the attribute {name} of", path, errno);
        }

        return xattrs;
    }

    public static bool IsOverlay(string name) =>
        name.StartsWith("trusted.overlay.", StringComparison.Ordinal) || name.StartsWith("user.overlay.", StringComparison.Ordinal);
}
