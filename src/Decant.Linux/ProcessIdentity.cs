using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>A process, told from later ones of its number by the time of its start.</summary>
/// <param name="Started">Clock ticks since the machine started (proc_pid_stat(5), field 22).</param>
public readonly record struct ProcessIdentity(int Pid, long Started)
{
    /// <summary>Field 3 is the first behind the name.</summary>
    const int StateField = 0;
    const int StartField = 19;

    /// <summary>Null where there is none, or only what its parent has not waited for yet.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        using SafeFileHandle? directory = OpenDirectory(pid);
        return directory is not null && ReadStart(directory) is { } started ? new ProcessIdentity(pid, started) : null;
    }

    /// <summary>Its directory in /proc, which stays that of this process and no other; null where it has ended.</summary>
    public SafeFileHandle? Open()
    {
        SafeFileHandle? directory = OpenDirectory(Pid);
        if (directory is null || ReadStart(directory) == Started)
            return directory;
        directory.Dispose();
        return null;
    }

    static SafeFileHandle? OpenDirectory(int pid)
    {
        LinuxFile.TryOpen(null, $"/proc/{pid}", OpenFlags.Path | OpenFlag.Directory, 0, out SafeFileHandle? directory);
        return directory;
    }

    static long? ReadStart(SafeFileHandle directory)
    {
        if (LinuxFile.TryReadAll(directory, "stat", out byte[] bytes) != Errno.None)
            return null;
        // The name may hold blanks and parentheses.
        string text = PathBytes.Decode(bytes);
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool hasEnded = fields.Length <= StartField || fields[StateField] is "Z" or "X";
        return hasEnded ? null : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
    }
}
