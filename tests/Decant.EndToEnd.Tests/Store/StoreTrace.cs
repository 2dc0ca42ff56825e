using System.Text.RegularExpressions;

namespace Decant.EndToEnd.Tests.Store;

/// <summary>
/// The calls by which one decant changed a store, as strace -f -y wrote them, followed as a disk that keeps nothing but what was synced.
/// </summary>
public sealed partial class StoreTrace(string store, IReadOnlyList<string> lines)
{
    /// <summary>What strace is to record.</summary>
    public const string Calls = "openat,openat2,mkdirat,mknodat,symlinkat,linkat,write,pwrite64,ftruncate,copy_file_range,fallocate,rename,renameat,renameat2,unlinkat,fsync,fdatasync,syncfs";

    // Written or made, and not synced since.
    readonly HashSet<string> dirty = [];
    // Renamed or removed, and their directory not synced since.
    readonly HashSet<string> loose = [];
    readonly List<string> placed = [];
    readonly List<string> removed = [];
    readonly HashSet<string> synced = [];

    /// <summary>What was renamed into a place outside tmp/, below the store, in order.</summary>
    public IReadOnlyList<string> Placed => placed;

    /// <summary>What was taken out of such a place.</summary>
    public IReadOnlyList<string> Removed => removed;

    /// <summary>Below the store; empty for the store itself.</summary>
    public IReadOnlySet<string> SyncedDirectories => synced;

    /// <summary>Fails at the first call that comes too early.</summary>
    public void Check()
    {
        foreach (string line in Whole(lines))
        {
            Match call = Call().Match(line);
            if (!call.Success || call.Groups["result"].Value.StartsWith('-'))
                continue;
            string[] paths = [.. Paths(call.Groups["arguments"].Value)];
            Follow(call.Groups["name"].Value, call.Groups["arguments"].Value, paths, line);
        }

        Assert.True(loose.Count == 0, $"not synced at the end: {string.Join(", ", loose)}");
    }

    void Follow(string name, string arguments, string[] paths, string line)
    {
        switch (name)
        {
            case "openat" or "openat2" when arguments.Contains("O_CREAT", StringComparison.Ordinal):
            case "mkdirat" or "mknodat" or "symlinkat" or "linkat" or "copy_file_range":
                if (paths.Length > 0 && Inside(paths[^1]))
                    dirty.Add(paths[^1]);
                break;
            case "write" or "pwrite64" or "ftruncate" or "fallocate":
                // The descriptor alone: what is written is in quotes as names are.
                dirty.UnionWith(Paths(arguments.Split(',')[0]).Where(Inside));
                break;
            case "fsync" or "fdatasync":
                dirty.Remove(paths[0]);
                loose.RemoveWhere(path => Path.GetDirectoryName(path) == paths[0]);
                if (paths[0] == store || Inside(paths[0]))
                    synced.Add(Below(paths[0]));
                break;
            case "syncfs":
                dirty.Clear();
                break;
            case "rename" or "renameat" or "renameat2":
                Rename(paths[^2], paths[^1], line);
                break;
            case "unlinkat" when Inside(paths[^1]):
                Remove(paths[^1], line);
                break;
        }
    }

    void Rename(string from, string to, string line)
    {
        if (Inside(from) && !IsWork(from))
            Remove(from, line);
        if (!Inside(to) || IsWork(to))
            return;
        string? unsynced = dirty.FirstOrDefault(path => path == from || path.StartsWith(from + "/", StringComparison.Ordinal));
        Assert.True(unsynced is null, $"{unsynced} is not synced at\n{line}");
        // refs/ relies on blobs and layers, index.json on refs/.
        if (Below(to).StartsWith("refs/", StringComparison.Ordinal) || Below(to) == "index.json")
            Assert.True(loose.Count == 0, $"{string.Join(", ", loose)} not synced at\n{line}");
        placed.Add(Below(to));
        loose.Add(to);
        dirty.RemoveWhere(path => path == to);
    }

    void Remove(string path, string line)
    {
        dirty.Remove(path);
        if (IsWork(path))
        {
            // A layer that was put aside: its files go when it is gone from layers/ for good.
            Assert.True(!loose.Any(gone => gone.Contains("/layers/", StringComparison.Ordinal) && !placed.Contains(Below(gone))), $"layers/ is not synced at\n{line}");
            return;
        }

        Assert.True(!loose.Any(name => name.Contains("/refs/", StringComparison.Ordinal)), $"refs/ is not synced at\n{line}");
        removed.Add(Below(path));
        // What no name refers to may come back after a power cut: a collection removes it.
        if (!Below(path).StartsWith("blobs/", StringComparison.Ordinal))
            loose.Add(path);
    }

    bool Inside(string path) => path.StartsWith(store + "/", StringComparison.Ordinal) && !path.EndsWith("lock", StringComparison.Ordinal);

    bool IsWork(string path) => path.StartsWith(store + "/tmp/", StringComparison.Ordinal);

    string Below(string path) => path == store ? "" : path[(store.Length + 1)..];

    /// <summary>Calls that another thread's interrupted in the listing, put together where they ended.</summary>
    static IEnumerable<string> Whole(IReadOnlyList<string> lines)
    {
        Dictionary<string, string> begun = [];
        foreach (string line in lines)
        {
            string thread = line[..line.IndexOf(' ')];
            int cut = line.IndexOf(" <unfinished ...>", StringComparison.Ordinal);
            int resumed = line.IndexOf(" resumed>", StringComparison.Ordinal);
            if (cut >= 0)
                begun[thread] = line[..cut];
            else if (resumed >= 0 && begun.Remove(thread, out string? start))
                yield return start + line[(resumed + " resumed>".Length)..];
            else
                yield return line;
        }
    }

    /// <summary>Absolute paths that the arguments mean: a name with the directory before it, and descriptors.</summary>
    static IEnumerable<string> Paths(string arguments)
    {
        string? directory = null;
        foreach (Match match in Argument().Matches(arguments))
        {
            if (match.Groups["name"].Success)
            {
                string name = match.Groups["name"].Value;
                yield return name.StartsWith('/') || directory is null ? name : $"{directory}/{name}";
                directory = null;
                continue;
            }

            if (directory is not null)
                yield return directory;
            directory = match.Groups["descriptor"].Value;
        }

        if (directory is not null)
            yield return directory;
    }

    [GeneratedRegex(@"^\d+ +(?<name>\w+)\((?<arguments>.*)\) += (?<result>\S+)")]
    private static partial Regex Call();

    /// <summary>strace writes a descriptor as 5&lt;/path&gt;, and a name in quotes.</summary>
    [GeneratedRegex(@"(?:AT_FDCWD|\b\d+)<(?<descriptor>/[^>]*)>|""(?<name>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Argument();
}
