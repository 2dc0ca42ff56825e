using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A root file system as the launched program will see it, resolved without mounting anything: a stack of layer
/// directories in overlayfs form, and host directories and files bound over it. Every path and every link stays inside
/// the root. Once nothing more is bound, it may be shared between threads.
/// </summary>
public sealed class RootView
{
    /// <summary>MAXSYMLINKS of the kernel (path_resolution(7)).</summary>
    const int MaxLinks = 40;

    const uint DirectoryMode0755 = 0x41ED;

    readonly Frame unbound;

    /// <summary>By target; null is an empty directory, such as a fresh tmpfs.</summary>
    readonly Dictionary<string, string?> binds;

    /// <summary>The directories on the way to binds: a launch makes those that are missing.</summary>
    readonly HashSet<string> leadingToBinds;

    /// <summary>Null for root.</summary>
    readonly Credentials? user;

    bool? isRootSearchable;

    /// <param name="layers">Absolute host directories, topmost first.</param>
    public RootView(ReadOnlySpan<string> layers)
    {
        unbound = new Frame(new MergedDirectory(layers), "/", layers.Length > 0 ? layers[0] : null, default);
        binds = [];
        leadingToBinds = [];
        Kernel = this;
    }

    RootView(RootView all, Credentials user)
    {
        unbound = all.unbound;
        binds = all.binds;
        leadingToBinds = all.leadingToBinds;
        this.user = user;
        Kernel = all;
    }

    /// <summary>The same with nothing closed: so the kernel itself reads what it executes.</summary>
    public RootView Kernel { get; }

    /// <summary>Gets everything that is looked at from now on outside the layers, by whatever view of this root; null where nobody asks.</summary>
    public RootWitnesses? Witnesses
    {
        get => Kernel == this ? field : Kernel.Witnesses;
        set
        {
            if (Kernel == this)
                field = value;
            else
                Kernel.Witnesses = value;
        }
    }

    /// <summary>
    /// The same as someone sees it who may not read, search and execute everything: what is behind a directory that is closed to him is <see cref="Errno.EACCES"/>.
    /// Nothing more is to be bound in either then.
    /// </summary>
    public RootView As(Credentials credentials) => credentials == Credentials.OfRoot ? Kernel : new(Kernel, credentials);

    /// <summary>Whether an entry's permissions allow it. Where it has an access control list, of which owner and mode do not tell, it is taken that they do.</summary>
    public bool May(in RootEntry entry, FileAccessModes asked) =>
        (user ?? Credentials.OfRoot).May(entry.Status, asked)
        || (user is not null && entry.HostPath is { } host && LinuxFile.TryGetXattr(host, "system.posix_acl_access", out _) == Errno.None);

    /// <summary>
    /// Puts a host directory or file over a path; the target, and directories on the way to it, need not exist, since a
    /// launch makes them.
    /// </summary>
    /// <param name="target">Absolute inside the root, without links: <see cref="RootEntry.Path"/>.</param>
    /// <param name="hostPath">Absolute; a link here is followed, as mount(2) does.</param>
    public void Bind(string target, string hostPath) => Cover(target, hostPath);

    /// <summary>Puts an empty directory over a path, as a fresh tmpfs is.</summary>
    public void BindEmpty(string target) => Cover(target, null);

    void Cover(string target, string? hostPath)
    {
        if (leadingToBinds.Contains(target))
            Hide(target);
        binds[target] = hostPath;
        AddLeading(target);
    }

    /// <summary>What was mounted below a target before is hidden by a mount on it.</summary>
    void Hide(string target)
    {
        List<string> hidden = [];
        foreach (string earlier in binds.Keys)
        {
            if (IsBelow(earlier, target))
                hidden.Add(earlier);
        }

        foreach (string earlier in hidden)
            binds.Remove(earlier);
        leadingToBinds.Clear();
        foreach (string left in binds.Keys)
            AddLeading(left);
    }

    void AddLeading(string target)
    {
        for (int slash = target.LastIndexOf('/'); slash > 0 && leadingToBinds.Add(target[..slash]); slash = target.LastIndexOf('/', slash - 1))
        {
        }
    }

    /// <summary>Resolves a path that is absolute or relative to "/". A trailing slash asks for a directory and follows a link.</summary>
    public RootEntry Resolve(string path, bool followLast = true) => Walk(path, followLast, out _);

    /// <summary>The links that are followed on the way to a path, in their order, up to where it ends or nothing is.</summary>
    public IReadOnlyList<RootLink> Links(string path)
    {
        List<RootLink> links = [];
        Walk(path, followLast: true, out _, links);
        return links;
    }

    /// <summary>The names in a directory, each once, in no order.</summary>
    /// <exception cref="LinuxException">There is no such directory.</exception>
    public IReadOnlyList<string> Names(string directory)
    {
        RootEntry entry = Walk(directory, followLast: true, out MergedDirectory? merged);
        if (merged is null)
            throw new LinuxException("list", directory, entry.Exists ? Errno.ENOTDIR : entry.Errno);
        if (!May(entry, FileAccessModes.Read))
            throw new LinuxException("list", directory, Errno.EACCES);

        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> names = [];
        merged.AddNames(seen, names);
        if (merged.IsBound)
            Witnesses?.Listed(entry.HostPath!);
        AddBindNames(entry.Path, seen, names);
        return names;
    }

    /// <summary>What is in a directory, links not followed: one look at each, where <see cref="Resolve"/> would walk there from the root.</summary>
    /// <exception cref="LinuxException">There is no such directory, or it may not be read.</exception>
    public IEnumerable<KeyValuePair<string, RootEntry>> Entries(string directory)
    {
        IReadOnlyList<string> names = Names(directory);
        RootEntry entry = Walk(directory, followLast: true, out MergedDirectory? merged);
        Frame from = new(merged, entry.Path, entry.HostPath, entry.Status);
        foreach (string name in names)
        {
            if (TryStep(from, name, out Frame child) == Errno.None)
                yield return new(name, Entry(child));
        }
    }

    /// <summary>The content of a small file; null if it is absent or not a regular file.</summary>
    /// <exception cref="DecantException">The file is larger than allowed, or cannot be read.</exception>
    public byte[]? TryReadFile(string path, int maxBytes)
    {
        RootEntry entry = Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular)
            return null;

        using SafeFileHandle file = Open(entry);
        if (entry.Status.Size > maxBytes)
            throw TooLarge(entry.Path, maxBytes);
        Errno errno = LinuxFile.TryReadAll(file, out byte[] bytes);
        if (errno != Errno.None)
            throw new LinuxException("read", entry.HostPath, errno);
        // Files of /proc and /sys, which a bind may show, have no size.
        return bytes.Length <= maxBytes ? bytes : throw TooLarge(entry.Path, maxBytes);
    }

    /// <summary>Opens a file that <see cref="Resolve"/> found, for reading.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public SafeFileHandle Open(RootEntry entry)
    {
        if (!May(entry, FileAccessModes.Read))
            throw new LinuxException("open", entry.Path, Errno.EACCES);
        bool isBind = binds.ContainsKey(entry.Path);
        using DeepPath host = DeepPath.Open(entry.HostPath!);
        return LinuxFile.Open(host.Directory, host.Path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | (isBind ? 0 : OpenFlag.NoFollow));
    }

    static DecantException TooLarge(string path, int maxBytes) =>
        new($"{PathBytes.Printable(path)} in the image is larger than the {maxBytes} bytes that decant reads of it");

    /// <param name="followed">Gets each link that is followed; null where nobody asks.</param>
    RootEntry Walk(string path, bool followLast, out MergedDirectory? directory, List<RootLink>? followed = null)
    {
        directory = null;
        List<Frame> frames = [Root()];
        string rest = path;
        int at = 0;
        int links = 0;
        while (true)
        {
            while (at < rest.Length && rest[at] == '/')
                at++;
            if (at == rest.Length)
            {
                Frame found = frames[^1];
                directory = found.Directory;
                return Entry(found);
            }

            int end = rest.IndexOf('/', at);
            if (end < 0)
                end = rest.Length;
            string name = rest[at..end];
            at = end;
            if (name == ".")
                continue;
            if (name == "..")
            {
                // "/.." is "/".
                if (frames.Count > 1)
                    frames.RemoveAt(frames.Count - 1);
                continue;
            }

            if (!IsSearchable(frames[^1]))
                return Missing(Errno.EACCES, frames, MergedDirectory.Join(frames[^1].Path, name), rest.AsSpan(at));
            Errno errno = TryStep(frames[^1], name, out Frame child);
            if (errno != Errno.None)
                return Missing(errno, frames, child.Path, rest.AsSpan(at));
            if (child.Directory is not null)
            {
                frames.Add(child);
                continue;
            }

            bool last = at == rest.Length;
            if (child.Status.IsSymbolicLink && (!last || followLast))
            {
                if (++links > MaxLinks)
                    return Missing(Errno.ELOOP, frames, child.Path, rest.AsSpan(at));
                using DeepPath host = DeepPath.Open(child.HostPath!);
                string target = LinuxFile.ReadLink(host.Directory, host.Path);
                followed?.Add(new RootLink(child.Path, target));
                if (target.StartsWith('/'))
                    frames.RemoveRange(1, frames.Count - 1);
                rest = string.Concat(target, rest.AsSpan(at));
                at = 0;
                continue;
            }

            return last ? Entry(child) : Missing(Errno.ENOTDIR, frames, child.Path, rest.AsSpan(at));
        }
    }

    bool IsSearchable(Frame directory)
    {
        if (user is null)
            return true;
        // Each walk begins there.
        if (directory == unbound)
            return isRootSearchable ??= May(Entry(directory), FileAccessModes.Execute);
        return May(Entry(directory), FileAccessModes.Execute);
    }

    Frame Root() => binds.ContainsKey("/") && TryBind("/", out Frame bound) == Errno.None ? bound : unbound;

    /// <summary>One component from a directory; the result's path is set also where nothing is found.</summary>
    Errno TryStep(Frame from, string name, out Frame child)
    {
        string path = MergedDirectory.Join(from.Path, name);
        if (binds.ContainsKey(path))
            return TryBind(path, out child);

        MergedDirectory directory = from.Directory!;
        Errno errno = directory.TryFind(name, out FileStatus status, out string hostPath, out int index);
        if (directory.IsBound)
            Witnesses?.Saw(MergedDirectory.Join(from.HostPath!, name), errno == Errno.None ? status : null, follow: false);
        if (errno == Errno.None)
        {
            child = new Frame(status.IsDirectory ? new MergedDirectory(directory, name, hostPath, index) : null, path, hostPath, status);
            return Errno.None;
        }

        bool leadsToBind = errno == Errno.ENOENT && leadingToBinds.Contains(path);
        child = new Frame(leadsToBind ? new MergedDirectory([]) : null, path, null, leadsToBind ? MadeDirectory : default);
        return leadsToBind ? Errno.None : errno;
    }

    Errno TryBind(string path, out Frame frame)
    {
        frame = new Frame(null, path, null, default);
        if (!binds.TryGetValue(path, out string? hostPath))
            return Errno.ENOENT;
        if (hostPath is null)
        {
            frame = new Frame(new MergedDirectory([]), path, null, MadeDirectory);
            return Errno.None;
        }

        Errno errno = LinuxFile.TryStatus(null, hostPath, follow: true, out FileStatus status);
        Witnesses?.Saw(hostPath, errno == Errno.None ? status : null, follow: true);
        if (errno == Errno.None)
            frame = new Frame(status.IsDirectory ? new MergedDirectory([hostPath]) { IsBound = true } : null, path, hostPath, status);
        return errno;
    }

    /// <summary>The root's own status is only asked for where the root is the answer.</summary>
    static RootEntry Entry(Frame frame)
    {
        FileStatus status = frame.Status;
        if (status.Mode == 0)
            status = frame.HostPath is null ? MadeDirectory : LinuxFile.Status(frame.HostPath, follow: true);
        return new RootEntry(Errno.None, frame.Path, frame.HostPath, status);
    }

    RootEntry Missing(Errno errno, List<Frame> frames, string path, ReadOnlySpan<char> rest)
    {
        string parent = frames[^1].Path;
        foreach (Range range in rest.Split('/'))
        {
            ReadOnlySpan<char> name = rest[range];
            if (name.IsEmpty || name is ".")
                continue;
            if (name is "..")
                path = LinuxPath.Parent(path);
            else
                path = MergedDirectory.Join(path, name.ToString());
        }

        // ".." behind what is missing may lead to another branch of the tree, or back to what exists.
        if (!IsBelow(path, parent))
        {
            for (parent = LinuxPath.Parent(path); !Walk(parent, followLast: false, out _).Exists;)
                parent = LinuxPath.Parent(parent);
        }

        return new RootEntry(errno, path, null, default) { ExistingParent = parent };
    }

    void AddBindNames(string directory, HashSet<string> seen, List<string> names)
    {
        foreach (string target in binds.Keys)
        {
            if (!IsBelow(target, directory))
                continue;
            int start = directory == "/" ? 1 : directory.Length + 1;
            int end = target.IndexOf('/', start);
            string name = end < 0 ? target[start..] : target[start..end];
            if (seen.Add(name) || !names.Contains(name))
                names.Add(name);
        }
    }

    static bool IsBelow(string path, string directory) =>
        directory == "/"
            ? path.Length > 1
            : path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);

    /// <summary>What a launch makes on the way to a bind's target.</summary>
    static FileStatus MadeDirectory => FileStatus.Made(DirectoryMode0755);

    /// <summary>A place that the walk has reached; the directory is null for anything else.</summary>
    sealed class Frame(MergedDirectory? directory, string path, string? hostPath, FileStatus status)
    {
        public readonly MergedDirectory? Directory = directory;
        public readonly string Path = path;
        public readonly string? HostPath = hostPath;
        public readonly FileStatus Status = status;
    }
}
