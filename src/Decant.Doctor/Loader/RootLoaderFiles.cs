using System.Collections.Concurrent;
using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// The files of a root as its loader will find them once it is launched. A loader looks for each name in dozens of directories, most of
/// which are not there: each directory is listed once.
/// </summary>
public sealed class RootLoaderFiles(RootView root) : LoaderFiles
{
    readonly ConcurrentDictionary<string, DirectoryNames?> directories = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, KnownEntry> entries = new(StringComparer.Ordinal);

    readonly ConcurrentDictionary<string, string> closed = new(StringComparer.Ordinal);

    public override string RealPath(string path) => root.Resolve(path).Path;

    /// <summary>The path of a file of this name that was looked for and may not be opened; null where none was met.</summary>
    public string? Closed(string name) => closed.GetValueOrDefault(name);

    /// <summary>
    /// Lets a program be found that may be executed, and its loader, though they may not be read: the kernel reads both itself (fs/binfmt_elf.c).
    /// </summary>
    public void AdmitProgram(string path)
    {
        if (root.Kernel == root || !Admit(path) || Find(path)?.Elf is not { Interpreter: { } interpreter })
            return;
        Admit(interpreter);
    }

    bool Admit(string path)
    {
        RootEntry entry = root.Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular)
            return false;
        if (!root.May(entry, FileAccessModes.Read) && root.May(entry, FileAccessModes.Execute) && LinuxFile.CanAccess(entry.HostPath!, 4))
            entries.TryAdd(path, new KnownEntry(entry));
        return true;
    }

    protected override bool TryIdentify(string path, out FileIdentity identity)
    {
        identity = default;
        if (Resolve(path) is not { } entry)
            return false;
        if (entry.Errno is not Errno.None)
            throw new ElfFormatException(path, 0, entry.Errno.Describe());
        if (!entry.Status.IsRegular)
            throw new ElfFormatException(path, 0, $"it is no file but a {entry.Status.Type}");
        identity = new FileIdentity(entry.Status.Device.Encoded, entry.Status.Inode);
        return true;
    }

    protected override Stream Open(string path)
    {
        try
        {
            return new FileStream(root.Kernel.Open(Resolve(path) ?? throw new FileNotFoundException(path)), FileAccess.Read, 0);
        }
        catch (LinuxException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Null where open(2) would fail in a way that a loader passes over.</summary>
    RootEntry? Resolve(string path)
    {
        if (entries.TryGetValue(path, out KnownEntry? known))
            return known.Entry;
        int slash = path.LastIndexOf('/');
        DirectoryNames? directory = Directory(slash <= 0 ? "/" : path[..slash]);
        if (directory is null || directory.Names?.Contains(path[(slash + 1)..]) == false)
            return null;
        RootEntry entry = root.Resolve($"{directory.Path.TrimEnd('/')}/{path[(slash + 1)..]}");
        if (entry.Errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (entry.Errno == Errno.EACCES || (entry.Exists && entry.Status.IsRegular && !(root.May(entry, FileAccessModes.Read) && LinuxFile.CanAccess(entry.HostPath!, 4))))
        {
            if (root.Kernel.Resolve(path) is { Exists: true, Status.IsRegular: true })
                closed.TryAdd(LinuxPath.Name(path), path);
            return null;
        }

        entries.TryAdd(path, new KnownEntry(entry));
        return entry;
    }

    DirectoryNames? Directory(string path)
    {
        if (directories.TryGetValue(path, out DirectoryNames? known))
            return known;
        // A directory that is not there has none below it either.
        int slash = path.LastIndexOf('/');
        DirectoryNames? found = path != "/" && Directory(slash <= 0 ? "/" : path[..slash]) is null ? null : List(path);
        directories.TryAdd(path, found);
        return found;
    }

    DirectoryNames? List(string path)
    {
        RootEntry entry = root.Resolve(path);
        // Behind a closed directory each name is asked for, so that it can be told what is there.
        if (entry.Errno == Errno.EACCES && root.Kernel.Resolve(path) is { Exists: true, Status.IsDirectory: true })
            return new DirectoryNames(path, null);
        if (!entry.Exists || !entry.Status.IsDirectory)
            return null;
        try
        {
            return new DirectoryNames(entry.Path, root.Names(entry.Path).ToHashSet(StringComparer.Ordinal));
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES)
        {
            // It may be searched though not be listed.
            return new DirectoryNames(entry.Path, null);
        }
    }

    /// <summary>An object, so that the table of these shares its code with others.</summary>
    sealed class KnownEntry(RootEntry entry)
    {
        public readonly RootEntry Entry = entry;
    }

    /// <param name="Path">Without links.</param>
    /// <param name="Names">Null where they are unknown.</param>
    sealed record DirectoryNames(string Path, HashSet<string>? Names);
}
