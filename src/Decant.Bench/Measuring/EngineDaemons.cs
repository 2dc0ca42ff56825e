using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>An engine's processes outside of the trial's cgroups, which work for it too: dockerd, containerd, shims, conmon.</summary>
/// <param name="Names">Found, each once.</param>
/// <param name="Processor">CPU time since their start, in seconds.</param>
/// <param name="Memory">PSS in bytes; null where it may not be read.</param>
public sealed record EngineDaemons(IReadOnlyList<string> Names, double Processor, long? Memory)
{
    static readonly long TicksPerSecond = Libc.SystemConfiguration(2 /* _SC_CLK_TCK */);

    /// <param name="prefixes">Of the names in /proc/PID/comm.</param>
    /// <param name="memory">Whether to read memory too, which takes longer.</param>
    public static EngineDaemons Read(IReadOnlyList<string> prefixes, bool memory)
    {
        List<int> found = [];
        SortedSet<string> names = new(StringComparer.Ordinal);
        double processor = 0;
        foreach (string directory in prefixes.Count == 0 ? [] : Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(LinuxPath.Name(directory), out int pid) || KernelText.TryRead(directory + "/stat") is not { } stat)
                continue;
            // The name stands in brackets and may hold blanks and brackets itself.
            int close = stat.LastIndexOf(')');
            string name = stat[(stat.IndexOf('(') + 1)..close];
            if (!prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                continue;
            found.Add(pid);
            names.Add(name);
            string[] fields = stat[(close + 2)..].Split(' ');
            processor += (double)(long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }

        return new EngineDaemons([.. names], processor, memory ? ProcessMemory.ProportionalSet(found) : null);
    }
}
