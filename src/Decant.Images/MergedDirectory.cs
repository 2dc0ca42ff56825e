using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// One directory as overlayfs merges it from a stack of layers (Documentation/filesystems/overlayfs.rst): the topmost
/// directory of that path and those below it, down to the first that is opaque and to the first layer where the path is
/// something else. Layers are looked at only as far down as a question needs.
/// </summary>
sealed class MergedDirectory
{
    readonly MergedDirectory? parent;
    readonly string name = "";
    readonly List<string> directories;
    int nextOfParent;
    bool complete;

    /// <summary>The root of a stack, topmost first. The kernel merges the layers' roots whatever their attributes say.</summary>
    public MergedDirectory(ReadOnlySpan<string> layers)
    {
        directories = new List<string>(layers.Length);
        for (int i = 0; i < layers.Length; i++)
            directories.Add(layers[i]);
        complete = true;
    }

    /// <summary>A directory found by <see cref="TryFind"/> in its parent.</summary>
    public MergedDirectory(MergedDirectory parent, string name, string topmost, int indexInParent)
    {
        this.parent = parent;
        this.name = name;
        directories = [topmost];
        IsBound = parent.IsBound;
        nextOfParent = indexInParent + 1;
    }

    /// <summary>Of a directory of the host, and not of a stack of layers.</summary>
    public bool IsBound { get; init; }

    /// <summary>The host directory that stands at a place in this directory's own stack, topmost first; null past the last.</summary>
    public string? At(int index)
    {
        while (index >= directories.Count && !complete)
            FindNext();
        return index < directories.Count ? directories[index] : null;
    }

    /// <summary>Looks for a name: the host path of what the merged directory shows, and at which place of the stack it was found.</summary>
    public Errno TryFind(string child, out FileStatus status, out string hostPath, out int index)
    {
        for (index = 0; At(index) is { } directory; index++)
        {
            hostPath = Join(directory, child);
            Errno errno = TryStatus(hostPath, out status);
            if (errno == Errno.None)
                return status.IsWhiteout ? Errno.ENOENT : Errno.None;
            if (errno != Errno.ENOENT)
                return errno;
        }

        status = default;
        hostPath = "";
        return Errno.ENOENT;
    }

    /// <summary>Adds the names that the merged directory shows and that are not yet in the set.</summary>
    public void AddNames(HashSet<string> seen, List<string> names)
    {
        for (int i = 0; At(i) is { } directory; i++)
        {
            using DeepPath path = DeepPath.Open(directory);
            using Microsoft.Win32.SafeHandles.SafeFileHandle open =
                LinuxFile.Open(path.Directory, path.Path, OpenFlags.ReadOnly | OpenFlag.Directory);
            foreach (DirectoryItem item in LinuxFile.Items(open, directory))
            {
                if (!seen.Add(item.Name))
                    continue;
                bool whiteout = item.Type is null or FileType.CharacterDevice
                    && LinuxFile.TryStatus(open, item.Name, follow: false, out FileStatus status) == Errno.None
                    && status.IsWhiteout;
                if (!whiteout)
                    names.Add(item.Name);
            }
        }
    }

    public static string Join(string directory, string name) =>
        directory.Length > 0 && directory[^1] == '/' ? directory + name : $"{directory}/{name}";

    void FindNext()
    {
        while (parent!.At(nextOfParent++) is { } above)
        {
            string candidate = Join(above, name);
            Errno errno = TryStatus(candidate, out FileStatus status);
            if (errno == Errno.ENOENT)
                continue;
            if (errno != Errno.None)
                throw new LinuxException("stat", candidate, errno);
            // Only now that there is something to hide is it worth asking whether the directory above it is opaque.
            if (status.IsDirectory && !IsOpaque(directories[^1]))
            {
                directories.Add(candidate);
                return;
            }

            break;
        }

        complete = true;
    }

    static Errno TryStatus(string hostPath, out FileStatus status)
    {
        using DeepPath path = DeepPath.Open(hostPath);
        return LinuxFile.TryStatus(path.Directory, path.Path, follow: false, out status);
    }

    /// <summary>Decant's own layers carry the user attribute always and the trusted one where root wrote them; other tools' may have either.</summary>
    public static bool IsOpaque(string directory)
    {
        using DeepPath path = DeepPath.Open(directory);
        string whole = path.WholePath;
        return IsYes(whole, "user.overlay.opaque") || IsYes(whole, "trusted.overlay.opaque");
    }

    static bool IsYes(string path, string attribute)
    {
        Errno errno = LinuxFile.TryGetXattr(path, attribute, out byte[] value);
        return errno switch
        {
            Errno.None => value.Length == 1 && value[0] == (byte)'y',
            Errno.ENODATA or Errno.EPERM or Errno.EOPNOTSUPP or Errno.EACCES => false,
            _ => throw new LinuxException("read the attribute " + attribute + " of", path, errno),
        };
    }
}
