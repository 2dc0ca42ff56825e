using System.Globalization;

namespace Decant.Linux;

/// <summary>Signals by name and number (signal(7); x86-64 and arm64 agree).</summary>
public static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Pipe = 13;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int TerminalStop = 20;
    public const int TerminalRead = 21;
    public const int TerminalWrite = 22;
    public const int WindowChange = 28;
    const int FirstRealTime = 34;
    const int LastRealTime = 64;

    static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>SIGTERM, TERM, 15, SIGRTMIN+3; null for anything else.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number is > 0 and <= LastRealTime ? number : null;
        string name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        if (name.StartsWith("RTMIN", StringComparison.Ordinal))
            return RealTime(name[5..], '+', FirstRealTime, 1);
        if (name.StartsWith("RTMAX", StringComparison.Ordinal))
            return RealTime(name[5..], '-', LastRealTime, -1);
        int index = name.Length == 0 ? -1 : Array.IndexOf(Names, name);
        return index > 0 ? index : null;
    }

    public static string Name(int signal) => signal < Names.Length ? "SIG" + Names[signal] : $"SIGRTMIN+{signal - FirstRealTime}";

    static int? RealTime(string rest, char sign, int from, int direction)
    {
        if (rest.Length == 0)
            return from;
        if (rest[0] != sign || !int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int offset))
            return null;
        int signal = from + (direction * offset);
        return signal is >= FirstRealTime and <= LastRealTime ? signal : null;
    }
}
