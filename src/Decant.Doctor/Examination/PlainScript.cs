using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A file that the kernel does not know how to execute (ENOEXEC), and that is run by a shell for that: by the shell that is to start it, or, where
/// execvp(3) of glibc is, by /bin/sh.
/// </summary>
static class PlainScript
{
    /// <summary>Of the file, in which a byte of zero is not a script's.</summary>
    const int SeenBytes = 80;

    /// <summary>The shell that runs it; null where none does.</summary>
    public static ExaminedCommand? Of(ExaminedCommand command)
    {
        if (command.Starter is not { } starter || CommandChain.IsMpiLauncher(starter.Name))
            return null;
        try
        {
            string path = command.Programs.FindExecuted(command.Arguments[0]) is { Scripts.Count: 0 } program ? program.Path : "";
            return path.Length > 0 && IsText(command, path) ? command.Running([Shell(command, starter), path, .. command.Arguments.Skip(1)]) : null;
        }
        catch (DecantException)
        {
            return null;
        }
    }

    static string Shell(ExaminedCommand command, CommandStarter starter) =>
        CommandChain.IsShell(starter.Name) && command.View.Resolve($"/bin/{starter.Name}").Exists ? $"/bin/{starter.Name}" : "/bin/sh";

    /// <summary>Whether a shell takes the file for a script.</summary>
    public static bool IsText(ExaminedCommand command, string path)
    {
        RootEntry entry = command.View.Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular || !command.View.May(entry, FileAccessModes.Read) || !LinuxFile.CanAccess(entry.HostPath!, 4))
            return false;
        byte[] start = new byte[SeenBytes];
        using FileStream file = new(command.View.Open(entry), FileAccess.Read, 0);
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> seen = start.AsSpan(0, read);
        return !seen.StartsWith("\u007fELF"u8) && !seen.StartsWith("#!"u8) && !seen.Contains((byte)0);
    }
}
