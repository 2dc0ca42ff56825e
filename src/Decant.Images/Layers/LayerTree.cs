using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// The directories of a layer that is being unpacked. Paths from the archive are walked here, component by component over
/// this layer and those below, and never by the kernel: what reaches a system call is a single name in a directory opened
/// without links, so nothing outside the layer can be reached.
/// </summary>
sealed partial class LayerTree : IDisposable
{
    // A hostile archive could make each open a walk of thousands of names; no program can use such depth either.
    const int MaxDepth = 4096;

    const int MaxOpen = 64;
    const int MaxLinks = 40;
    const uint OwnerOnly = 0x1C0;
    const ResolveFlags Strict = ResolveFlags.NoSymlinks | ResolveFlags.Beneath;

    // The least recently used first.
    readonly List<LayerDirectory> open = [];
    readonly ImageLimits limits;
    readonly long bound;
    long directories;

    public LayerTree(SafeFileHandle target, IReadOnlyList<string> lowerLayers, MetadataWriter metadata, LayerOptions options)
    {
        limits = options.Limits;
        bound = options.DirectoryMemory;
        mostHeld = bound;
        Pending = new PendingFiles(this, metadata, options.Subject);
        Root = new LayerDirectory(() =>
        {
            options.AwaitLower?.Invoke();
            return lowerLayers.Count > 0 ? new MergedDirectory([.. lowerLayers]) : null;
        })
        {
            InLayer = true,
            Handle = target,
        };
    }

    public LayerDirectory Root { get; }

    /// <summary>Files that this layer has but its directories perhaps do not yet.</summary>
    public PendingFiles Pending { get; }

    /// <summary>How often something was taken out of this layer again: until the next time, directories stay where they were found.</summary>
    public int Removals { get; private set; }

    /// <summary>The descriptor of a directory of this layer; valid while fewer than <see cref="MaxOpen"/> others are asked for.</summary>
    public SafeFileHandle Open(LayerDirectory directory)
    {
        if (directory.Handle is { } known)
        {
            if (directory.Parent is not null && open[^1] != directory)
            {
                open.Remove(directory);
                open.Add(directory);
            }

            return known;
        }

        LayerDirectory from = directory.Parent!;
        while (from.Handle is null)
            from = from.Parent!;
        using DeepPath deep = DeepPath.Open(from.Handle, PathOf(directory, from), Strict);
        directory.Handle = LinuxFile.Open(
            deep.Directory ?? from.Handle, deep.Path, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlag.NoFollow, 0, Strict);
        open.Add(directory);
        if (open.Count > MaxOpen)
            Close(open[0]);
        return directory.Handle;
    }

    /// <summary>The directory that a path leads to, links inside the root followed.</summary>
    /// <param name="path">Names from the root, without "." and "..".</param>
    /// <param name="make">Makes what is missing; else the answer is null then.</param>
    public LayerDirectory? Walk(ReadOnlySpan<string> path, bool make) => Walk(path, make, out _);

    /// <summary>The same, telling whether the path leads there without links.</summary>
    public LayerDirectory? Walk(ReadOnlySpan<string> path, bool make, out bool plain)
    {
        plain = false;
        LayerDirectory at = Root;
        // Names still to go, the next one last; links add to them.
        Stack<string> rest = new();
        for (int i = path.Length - 1; i >= 0; i--)
            rest.Push(path[i]);
        int links = 0;
        while (rest.TryPop(out string? name))
        {
            if (name is "" or ".")
                continue;
            if (name == "..")
            {
                at = at.Parent ?? Root;
                continue;
            }

            Step step = Find(at, name, out LayerDirectory? child, out string? link);
            if (!make && step is Step.Missing or Step.Other)
                return null;
            if (step == Step.Other)
                throw new DecantException($"{PathBytes.Printable(name)} in {PathBytes.Printable(PathOf(at))} is on the way to it and is no directory");
            if (step != Step.Link)
            {
                at = child ?? Make(at, name);
                continue;
            }

            if (++links > MaxLinks)
                throw new DecantException($"more than {MaxLinks} links are on the way to it");
            string[] target = link!.Split('/');
            for (int i = target.Length - 1; i >= 0; i--)
                rest.Push(target[i]);
            if (link[0] == '/')
                at = Root;
        }

        plain = links == 0;
        return at;
    }

    /// <summary>The directory of that name in this layer; whatever else has the name here gives way.</summary>
    public LayerDirectory Make(LayerDirectory parent, string name)
    {
        EnsureInLayer(parent);
        Pending.Settle(parent, name);
        LayerDirectory? child = Child(parent, name);
        if (child is null)
        {
            if (parent.Depth >= MaxDepth)
                throw new DecantException($"it lies deeper than {MaxDepth} directories");
            child = new LayerDirectory(parent, name);
            Add(child);
        }

        if (!child.InLayer)
            MakeInLayer(child);
        return child;
    }

    /// <summary>Makes a directory of the layers below one of this layer too, alike in all but content.</summary>
    public void EnsureInLayer(LayerDirectory directory)
    {
        if (directory.InLayer)
            return;
        List<LayerDirectory> missing = [];
        for (LayerDirectory at = directory; !at.InLayer; at = at.Parent!)
            missing.Add(at);
        for (int i = missing.Count - 1; i >= 0; i--)
            MakeInLayer(missing[i]);
    }

    /// <summary>Takes a name out of this layer, with all in it: a later entry replaces it.</summary>
    public void Remove(LayerDirectory parent, string name)
    {
        Removals++;
        if (parent.Child(name) is { } directory)
        {
            Pending.Flush();
            foreach (LayerDirectory known in directory.Subtree())
            {
                if (known.Handle is not null)
                    Close(known);
            }

            parent.Forget(directory);
        }

        if (parent.InLayer)
            TreeRemoval.Remove(Open(parent), name);
    }

    /// <summary>The file that a hard link names: in this layer, or in one below and then by a host path. The name itself is not followed.</summary>
    public Errno TryFindFile(LayerDirectory parent, string name, out FileStatus status, out string? hostPath)
    {
        hostPath = null;
        if (parent.InLayer)
        {
            Pending.Settle(parent, name);
            Errno errno = LinuxFile.TryStatus(Open(parent), name, follow: false, out status);
            if (errno != Errno.ENOENT)
                return errno == Errno.None && status.IsWhiteout ? Errno.ENOENT : errno;
        }

        if (parent.Below is null)
        {
            status = default;
            return Errno.ENOENT;
        }

        return parent.Below.TryFind(name, out status, out hostPath, out _);
    }

    public void Dispose()
    {
        Pending.Dispose();
        foreach (LayerDirectory directory in open)
            directory.Handle!.Dispose();
    }

    /// <summary>For messages.</summary>
    public static string PathOf(LayerDirectory directory) => "/" + PathOf(directory, null);

    static string PathOf(LayerDirectory directory, LayerDirectory? from)
    {
        List<string> names = [];
        for (LayerDirectory at = directory; at != from && at.Parent is not null; at = at.Parent)
            names.Add(at.Name);
        names.Reverse();
        return string.Join('/', names);
    }

    void Close(LayerDirectory directory)
    {
        open.Remove(directory);
        directory.Handle!.Dispose();
        directory.Handle = null;
    }

    Step Find(LayerDirectory at, string name, out LayerDirectory? child, out string? link)
    {
        link = null;
        child = at.Child(name);
        if (child is not null)
            return Step.Directory;

        if (at.InLayer)
        {
            Pending.Settle(at, name);
            SafeFileHandle directory = Open(at);
            Errno errno = LinuxFile.TryStatus(directory, name, follow: false, out FileStatus status);
            if (errno == Errno.None && status.IsDirectory)
            {
                child = TakeUp(at, name, status);
                return Step.Directory;
            }

            if (errno == Errno.None && status.IsSymbolicLink)
                link = LinuxFile.ReadLink(directory, name);
            if (errno == Errno.None)
                return link is not null ? Step.Link : status.IsWhiteout ? Step.Missing : Step.Other;
            if (errno != Errno.ENOENT)
                throw new LinuxException("stat", name, errno);
        }

        return FindBelow(at, name, out child, out link);
    }

    Step FindBelow(LayerDirectory at, string name, out LayerDirectory? child, out string? link)
    {
        child = null;
        link = null;
        if (at.Below is null)
            return Step.Missing;
        Errno errno = at.Below.TryFind(name, out FileStatus status, out string hostPath, out int index);
        if (errno == Errno.ENOENT)
            return Step.Missing;
        if (errno != Errno.None)
            throw new LinuxException("stat", hostPath, errno);
        if (status.IsSymbolicLink)
        {
            using DeepPath host = DeepPath.Open(hostPath);
            link = LinuxFile.ReadLink(host.Directory, host.Path);
            return Step.Link;
        }

        if (!status.IsDirectory)
            return Step.Other;
        child = new LayerDirectory(at, name, new MergedDirectory(at.Below, name, hostPath, index));
        Add(child);
        return Step.Directory;
    }

    void MakeInLayer(LayerDirectory directory)
    {
        // One long name implies a thousand of them, and each stays in memory.
        if (++directories > limits.Entries)
            throw new DecantException($"the layer makes more than {limits.Entries} directories", ImageLimits.Raise("entries"));
        SafeFileHandle parent = Open(directory.Parent!);
        // Its owner alone, and everything, until all is unpacked: the mode from the archive may forbid writing.
        Errno errno = LinuxFile.TryMakeDirectory(parent, directory.Name, OwnerOnly);
        if (errno == Errno.EEXIST)
        {
            // A file or a whiteout of this layer: either hides what lies below for good.
            Removals++;
            TreeRemoval.Remove(parent, directory.Name);
            directory.Opaque = directory.Below is not null;
            directory.Below = null;
            errno = LinuxFile.TryMakeDirectory(parent, directory.Name, OwnerOnly);
        }

        if (errno != Errno.None)
            throw new LinuxException("make the directory", directory.Name, errno);
        directory.InLayer = true;
    }

    enum Step
    {
        Missing,
        Directory,
        Link,
        Other,
    }
}
