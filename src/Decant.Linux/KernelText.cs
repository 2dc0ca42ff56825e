namespace Decant.Linux;

/// <summary>Small text files of /proc and /sys, whose size stat(2) does not tell.</summary>
public static class KernelText
{
    /// <summary>Null where the file is not there, may not be read, or went away meanwhile.</summary>
    public static string? TryRead(string path) =>
        LinuxFile.TryReadAll(null, path, out byte[] bytes) == Errno.None ? PathBytes.Decode(bytes) : null;

    /// <summary>The file's one number; null where there is none.</summary>
    public static long? TryReadNumber(string path) =>
        long.TryParse(TryRead(path)?.Trim(), out long number) ? number : null;

    /// <summary>The values of "name value" lines, such as those of memory.stat and cpu.stat.</summary>
    public static Dictionary<string, long> Pairs(string? text)
    {
        Dictionary<string, long> pairs = [];
        foreach (ReadOnlySpan<char> line in (text ?? "").AsSpan().EnumerateLines())
        {
            int space = line.IndexOf(' ');
            if (space > 0 && long.TryParse(line[(space + 1)..], out long value))
                pairs[line[..space].ToString()] = value;
        }

        return pairs;
    }
}
