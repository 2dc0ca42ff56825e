using Decant.Linux;

namespace Decant.Bench;

/// <summary>Memory of processes that adds up: of a page that several map, each has its part (proc_pid_smaps(5), Pss).</summary>
public static class ProcessMemory
{
    /// <summary>Bytes of all of them together; those that ended or may not be looked at count nothing. Null where none could be looked at.</summary>
    public static long? ProportionalSet(IEnumerable<int> processes)
    {
        long? sum = null;
        foreach (int process in processes)
        {
            if (KernelText.TryRead($"/proc/{process}/smaps_rollup") is { } text && Field(text, "Pss:") is { } bytes)
                sum = (sum ?? 0) + bytes;
        }

        return sum;
    }

    static long? Field(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith(" kB", StringComparison.Ordinal) && long.TryParse(line[name.Length..^3].Trim(), out long kilobytes))
                return kilobytes << 10;
        }

        return null;
    }
}
