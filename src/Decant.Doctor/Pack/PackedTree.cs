using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// The files that go into an image, each at its own path: what is found through links is packed with the links, so that every path leads
/// where it leads on the host.
/// </summary>
sealed class PackedTree(RootView root)
{
    /// <summary>MAXSYMLINKS of the kernel (path_resolution(7)).</summary>
    const int MostLinks = 40;

    const uint Executable = 0x1ED; // 0755
    const uint Everyone = 0x3FF; // 1777

    readonly SortedDictionary<string, PackedFile> files = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> links = new(StringComparer.Ordinal);
    readonly SortedSet<string> directories = new(StringComparer.Ordinal);

    /// <summary>By path, without links.</summary>
    public IReadOnlyDictionary<string, PackedFile> Files => files;

    /// <summary>Path to the link's text.</summary>
    public IReadOnlyDictionary<string, string> Links => links;

    public bool Contains(string path) => files.ContainsKey(root.Resolve(path).Path);

    /// <summary>Takes in what a path leads to, and the links on the way.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="why">For whoever asks; the first reason stays.</param>
    /// <returns>False where there is no regular file that may be read.</returns>
    public bool Add(string path, string why)
    {
        RootEntry entry = root.Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular || !LinuxFile.CanAccess(entry.HostPath!, 4))
            return false;
        AddLinks(path);
        if (files.TryAdd(entry.Path, new PackedFile(entry, why)))
            AddParents(entry.Path);
        return true;
    }

    /// <summary>A file that the host does not have.</summary>
    public void AddText(string path, string text)
    {
        files[path] = new PackedFile(text);
        AddParents(path);
    }

    public void AddDirectory(string path)
    {
        AddParents(path);
        directories.Add(path);
    }

    /// <summary>The link itself, and what it leads to where that is a directory.</summary>
    public void AddLink(string path)
    {
        RootEntry entry = root.Resolve(path, followLast: false);
        if (!entry.Exists || !entry.Status.IsSymbolicLink)
            return;
        AddLinks(path);
        RootEntry target = root.Resolve(path);
        if (target.Exists && target.Status.IsDirectory)
            AddDirectory(target.Path);
    }

    /// <exception cref="DecantException">A file cannot be read, or changed while it was.</exception>
    public void Write(TreeArchive archive)
    {
        foreach (string directory in directories)
            archive.AddDirectory(directory[1..], directory is "/tmp" or "/var/tmp" ? Everyone : Executable);
        foreach ((string path, string target) in links)
            archive.AddLink(path[1..], target);
        foreach ((string path, PackedFile file) in files)
        {
            using Stream content = file.Open(root);
            archive.AddFile(path[1..], file.Mode, file.Size, content);
        }
    }

    /// <summary>Every link that a walk along the path meets.</summary>
    void AddLinks(string path)
    {
        Stack<string> rest = new(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        string at = "/";
        for (int met = 0; rest.TryPop(out string? name);)
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                at = LinuxPath.Parent(at);
                continue;
            }

            string next = LinuxPath.Join(at, name);
            RootEntry entry = root.Resolve(next, followLast: false);
            if (!entry.Exists)
                return;
            if (!entry.Status.IsSymbolicLink)
            {
                at = next;
                continue;
            }

            if (++met > MostLinks)
                return;
            string target = LinuxFile.ReadLink(null, entry.HostPath!);
            links[next] = target;
            AddParents(next);
            foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                rest.Push(part);
            if (target.StartsWith('/'))
                at = "/";
        }
    }

    void AddParents(string path)
    {
        for (string above = LinuxPath.Parent(path); above != "/" && directories.Add(above); above = LinuxPath.Parent(above))
        {
        }
    }
}
