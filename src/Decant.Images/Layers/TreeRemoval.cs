using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Removes trees whose names and modes came from an image: by descriptors, never through a link, to any depth, and through
/// directories that their owner may not write.
/// </summary>
public static class TreeRemoval
{
    // Above it, the descriptors of outer directories are closed and found again through "..".
    const int MaxOpen = 128;

    const uint OwnerAll = 0x1C0;

    /// <summary>Removes a file, a link or a whole directory; what is not there is no error.</summary>
    public static void Remove(string path)
    {
        string trimmed = path.TrimEnd('/');
        if (trimmed.Length == 0)
            throw new DecantException("decant does not remove /");
        Remove(null, trimmed);
    }

    internal static void Remove(SafeFileHandle? parent, string name)
    {
        if (IsGone(parent, name))
            return;

        List<Level> levels = [];
        try
        {
            levels.Add(Level.Open(parent, name));
            while (levels.Count > 0)
                Advance(levels, parent);
        }
        finally
        {
            foreach (Level level in levels)
                level.Handle?.Dispose();
        }
    }

    /// <summary>One step: down into the innermost directory's next directory, or back out of it when it is empty.</summary>
    static void Advance(List<Level> levels, SafeFileHandle? parent)
    {
        Level inner = levels[^1];
        while (inner.Next < inner.Items.Count)
        {
            DirectoryItem item = inner.Items[inner.Next++];
            if (item.Type != FileType.Directory && IsGone(inner.Handle, item.Name))
                continue;
            levels.Add(Level.Open(inner.Handle, item.Name));
            if (levels.Count > MaxOpen)
                levels[^MaxOpen].Suspend();
            return;
        }

        levels.RemoveAt(levels.Count - 1);
        SafeFileHandle? outer = parent;
        if (levels.Count > 0)
        {
            levels[^1].Resume(inner);
            outer = levels[^1].Handle;
        }

        inner.Handle!.Dispose();
        Errno errno = WithPermission(outer, () => LinuxFile.TryRemoveDirectory(outer, inner.Name));
        if (errno is not Errno.None and not Errno.ENOENT)
            throw new LinuxException("remove directory", inner.Name, errno);
    }

    /// <summary>False where the name is a directory.</summary>
    static bool IsGone(SafeFileHandle? directory, string name)
    {
        Errno errno = WithPermission(directory, () => LinuxFile.TryUnlink(directory, name));
        return errno switch
        {
            Errno.None or Errno.ENOENT => true,
            Errno.EISDIR => false,
            _ => throw new LinuxException("remove", name, errno),
        };
    }

    static Errno WithPermission(SafeFileHandle? directory, Func<Errno> call)
    {
        Errno errno = call();
        if (errno == Errno.EACCES && directory is not null && LinuxFile.TryChangeMode(directory, OwnerAll) == Errno.None)
            errno = call();
        return errno;
    }

    sealed class Level(SafeFileHandle handle, string name, List<DirectoryItem> items)
    {
        FileStatus status;

        public SafeFileHandle? Handle { get; private set; } = handle;
        public string Name { get; } = name;
        public List<DirectoryItem> Items { get; } = items;
        public int Next { get; set; }

        public static Level Open(SafeFileHandle? parent, string name)
        {
            const OpenFlags read = OpenFlags.ReadOnly;
            Errno errno = LinuxFile.TryOpen(parent, name, read | OpenFlag.Directory | OpenFlag.NoFollow, 0, out SafeFileHandle? handle);
            if (errno == Errno.EACCES)
            {
                // Neither it nor, maybe, its parent may be searched; by descriptor no link can come between.
                if (parent is not null)
                    _ = LinuxFile.TryChangeMode(parent, OwnerAll);
                using SafeFileHandle closed = LinuxFile.Open(parent, name, OpenFlags.Path | OpenFlag.Directory | OpenFlag.NoFollow);
                _ = LinuxFile.TryChangeMode(null, $"/proc/self/fd/{LinuxFile.Number(closed)}", OwnerAll);
                errno = LinuxFile.TryOpen(parent, name, read | OpenFlag.Directory | OpenFlag.NoFollow, 0, out handle);
            }

            if (handle is null)
                throw new LinuxException("open directory", name, errno);
            return new Level(handle, name, LinuxFile.Items(handle, name));
        }

        public void Suspend()
        {
            if (Handle is null)
                return;
            status = LinuxFile.Status(Handle);
            Handle.Dispose();
            Handle = null;
        }

        public void Resume(Level child)
        {
            if (Handle is not null)
                return;
            Handle = LinuxFile.Open(child.Handle, "..", OpenFlags.ReadOnly | OpenFlag.Directory);
            FileStatus now = LinuxFile.Status(Handle);
            if (now.Inode != status.Inode || now.Device != status.Device)
                throw new DecantException($"the directory {PathBytes.Printable(Name)} was moved while decant removed it");
        }
    }
}
