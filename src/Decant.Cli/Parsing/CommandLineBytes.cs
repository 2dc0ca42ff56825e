using Decant.Linux;

namespace Decant.Cli;

/// <summary>Arguments are bytes; the runtime hands them over as text, in which every byte that is not UTF-8 became U+FFFD.</summary>
static class CommandLineBytes
{
    /// <summary>The arguments with such bytes as <see cref="PathBytes"/> writes them; the array itself where none has any.</summary>
    public static string[] Restore(string[] args)
    {
        foreach (string arg in args)
        {
            if (arg.Contains('\uFFFD'))
                return Split(LinuxFile.ReadAll(null, "/proc/self/cmdline"), args.Length);
        }

        return args;
    }

    /// <summary>The last words of a zero-terminated list.</summary>
    internal static string[] Split(ReadOnlySpan<byte> list, int count)
    {
        List<string> words = [];
        while (!list.IsEmpty)
        {
            int end = list.IndexOf((byte)0);
            words.Add(PathBytes.Decode(end < 0 ? list : list[..end]));
            list = end < 0 ? [] : list[(end + 1)..];
        }

        return [.. words[^count..]];
    }
}
