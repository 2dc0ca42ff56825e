using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// What must be seen of a trial's processes for it to count: command lines, as a wrapper may not pass on what it was told, and files, as it may open others
/// than those that it names.
/// </summary>
/// <param name="command">As declared: launchers, which have it on their own command line, are not looked at.</param>
/// <param name="processes">Regular expressions, of which each must match the command line of a process, its words joined by blanks.</param>
/// <param name="files">Files or directories as the program sees them.</param>
public sealed class RequiredSights(ImmutableArray<string> command, IReadOnlyList<string> processes, IReadOnlyList<string> files)
{
    readonly Dictionary<string, Regex> missingProcesses = processes.Distinct().ToDictionary(pattern => pattern, RequiredPattern.Of);
    readonly HashSet<string> missingFiles = [.. files];
    readonly SortedSet<string> lines = new(StringComparer.Ordinal);

    /// <summary>So many command lines are told of a trial that lacks one.</summary>
    const int MostLines = 5;

    public bool Complete => missingProcesses.Count + missingFiles.Count == 0;

    /// <summary>Looks for what has not been seen so far.</summary>
    public void Look(IReadOnlyList<int> among)
    {
        if (Complete)
            return;
        foreach (int process in among)
        {
            if (missingProcesses.Count > 0)
                LookAtWords(process);
            if (missingFiles.Count > 0)
                LookAtFiles(process);
        }
    }

    /// <summary>What was not seen; null where all was.</summary>
    public string? Failure()
    {
        if (missingProcesses.Keys.FirstOrDefault() is { } pattern)
            return $"no process was seen whose command line matches {pattern}; seen were: {(lines.Count == 0 ? "none" : string.Join("; ", lines.Take(MostLines)))}{(lines.Count > MostLines ? "; …" : "")}";
        return missingFiles.FirstOrDefault() is { } path ? $"no process was seen with {path} open" : null;
    }

    void LookAtWords(int process)
    {
        if (KernelText.TryRead($"/proc/{process}/cmdline") is not { Length: > 0 } words)
            return;
        string[] arguments = words.TrimEnd('\0').Split('\0');
        // As many more as the interpreter of a script puts before it: ObservedProcess.Runs.
        if (arguments.Length > command.Length + 2 && arguments.AsSpan()[^command.Length..].SequenceEqual(command.AsSpan()))
            return;
        string line = string.Join(' ', arguments);
        lines.Add(line);
        foreach (string pattern in missingProcesses.Where(pattern => pattern.Value.IsMatch(line)).Select(pattern => pattern.Key).ToArray())
            missingProcesses.Remove(pattern);
    }

    void LookAtFiles(int process)
    {
        // After chroot(2) the kernel tells paths from above the process's root, as it tells that root; after pivot_root(2) the root is "/".
        if (LinuxFile.TryReadLink(null, $"/proc/{process}/root", out string? root) != Errno.None)
            return;
        string above = root!.TrimEnd('/');
        foreach (string file in Opened(process).Concat(Mapped(process)))
        {
            if (file.StartsWith(above + "/", StringComparison.Ordinal))
                missingFiles.RemoveWhere(path => IsIn(file[above.Length..], path));
        }
    }

    static bool IsIn(string file, string path) => file == path || file == path + Deleted || file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>What the kernel writes behind the path of a file without a name left.</summary>
    const string Deleted = " (deleted)";

    static IEnumerable<string> Opened(int process)
    {
        string[] descriptors;
        try
        {
            descriptors = Directory.GetFiles($"/proc/{process}/fd");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            yield break;
        }

        foreach (string descriptor in descriptors)
        {
            if (LinuxFile.TryReadLink(null, descriptor, out string? target) == Errno.None && target!.StartsWith('/'))
                yield return target;
        }
    }

    /// <summary>The last column of maps, which begins with the first slash of a line (proc_pid_maps(5)).</summary>
    static IEnumerable<string> Mapped(int process)
    {
        foreach (string line in (KernelText.TryRead($"/proc/{process}/maps") ?? "").Split('\n'))
        {
            if (line.IndexOf('/') is >= 0 and var slash)
                yield return line[slash..];
        }
    }
}
