using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A file that execve(2) refuses (ENOEXEC), as it is neither an ELF program nor a script with a "#!" line. decant, like every engine, leaves it at that; shells
/// read it as a script of their own, and execvp(3) of glibc gives it to /bin/sh.
/// </summary>
static class RefusedFormat
{
    /// <summary>UTF-8's mark, which editors of Windows write, and the line that the kernel does not see behind it.</summary>
    static ReadOnlySpan<byte> MarkedLine => "\ufeff#!"u8;

    /// <param name="path">Of the file.</param>
    /// <param name="damage">Why it is no ELF file.</param>
    /// <returns>Null where whoever starts it may run it all the same.</returns>
    public static Finding? Examine(ExaminedCommand command, string path, ElfFormatException damage)
    {
        byte[] start = command.Programs.Beginning(path);
        string printable = PathBytes.Printable(path);
        bool mayRun = command.Starter is { GivesTextToShell: true } && !ElfFile.HasMagic(start);
        if (start.AsSpan().StartsWith(MarkedLine))
            return Marked(printable, start, mayRun);
        return mayRun ? null : new Finding
        {
            Id = "program-no-executable-format",
            Severity = FindingSeverity.Error,
            Cause = $"{printable} is neither an ELF program nor a script with a #! line: {PathBytes.Printable(damage.Cause)}",
            Message = "Exec format error",
            Fix = "begin a script with #!/bin/sh, or copy the program again where it is damaged",
        };
    }

    /// <param name="mayRun">A shell takes the first line for a command that it does not find, and goes on.</param>
    static Finding Marked(string path, byte[] start, bool mayRun)
    {
        string line = PathBytes.Printable(PathBytes.Decode(start.AsSpan(MarkedLine.Length - "#!".Length)).Split('\n')[0].TrimEnd('\r'));
        return new Finding
        {
            Id = "byte-order-mark",
            Severity = mayRun ? FindingSeverity.Warning : FindingSeverity.Error,
            Cause = mayRun
                ? $"{path} begins with a byte-order mark, so that the kernel does not see its first line, {line}, and a shell runs it instead"
                : $"{path} begins with a byte-order mark, so that the kernel does not see its first line, {line}, and does not run it",
            Message = mayRun ? null : "Exec format error",
            Evidence = [$"{path} begins with the bytes EF BB BF"],
            Fix = $"sed -i '1s/^\\xEF\\xBB\\xBF//' {path}, or save it as UTF-8 without a byte-order mark",
        };
    }
}
