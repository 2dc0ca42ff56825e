using Decant.Linux;

namespace Decant.Bench;

/// <summary>What one file or directory holds.</summary>
/// <param name="Name">Tells it from the others that are compared: the file's name without its extension, or more of the path where that is not enough.</param>
/// <param name="Results">One for each workload.</param>
public sealed record StoredResults(string Name, IReadOnlyList<BenchResult> Results)
{
    /// <summary>Sessions of decant bench, and files of other tools.</summary>
    /// <exception cref="DecantException">One of them is not there, or is neither.</exception>
    public static IReadOnlyList<StoredResults> Read(IReadOnlyList<string> paths) =>
        [.. paths.Zip(Names(paths), (path, name) => new StoredResults(name, Read(path)))];

    static IReadOnlyList<BenchResult> Read(string path)
    {
        if (LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) is not Errno.None and var errno)
            throw new LinuxException("read", path, errno);
        return status.IsDirectory ? [BenchSession.Read(path)] : [.. ResultImport.Read(path, LinuxFile.ReadAll(null, path)).Select(PrintableNames.Of)];
    }

    /// <summary>native and docker of native.json and docker.json; old/results and new/results of files that are called alike.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> paths)
    {
        string[] whole = [.. paths.Select(path => path.TrimEnd('/')).Select(path => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path[..^".json".Length] : path)];
        string[] names = [.. whole.Select(path => LinuxPath.Name(LinuxPath.Absolute(path)))];
        HashSet<string> taken = [];
        return [.. names.Select((name, i) => Free(names.Count(other => other == name) == 1 ? name : whole[i]))];

        // The same file twice.
        string Free(string name)
        {
            string free = name;
            for (int i = 2; !taken.Add(free); i++)
                free = $"{name} ({i})";
            return free;
        }
    }
}
