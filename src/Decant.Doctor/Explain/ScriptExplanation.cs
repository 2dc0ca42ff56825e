using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers to errors over scripts: that the file is there does not keep the kernel from saying that there is none.</summary>
static class ScriptExplanation
{
    const int MostFiles = 50;

    public static Finding Of(KnownMessage message) => message.Kind == KnownMessageKind.CarriageReturn
        ? Error("script-carriage-return", $"a script has line ends of Windows, and the carriage return counts to the name{(message.Subject.Length > 0 ? $" {PathBytes.Printable(message.Subject)}" : "")}", ScriptCheck.EndsOfWindows("the script"))
        : Error(
            "script-byte-order-mark", $"{(message.By.Contains('/') ? PathBytes.Printable(message.By) : "a script")} begins with a byte order mark, so that the kernel does not see its #! line, and a shell runs it",
            "save it as UTF-8 without the mark: sed -i '1s/^\\xef\\xbb\\xbf//'");

    /// <summary>Of a file that is there: what its first line, or its loader, asks for in vain. Null where that is not the cause.</summary>
    /// <param name="name">As the text has it.</param>
    public static Finding? Missing(ExaminedCommand command, string name)
    {
        foreach (string path in Places(command, name))
        {
            string printable = PathBytes.Printable(path);
            if (command.Programs.FirstLine(path) is { } line)
            {
                string wanted = line.Program ?? line.Interpreter;
                if (wanted.EndsWith('\r') || line.Interpreter.EndsWith('\r'))
                    return Error("script-carriage-return", $"{printable} is there; its first line ends as lines of Windows do, and the carriage return counts to the name of {PathBytes.Printable(wanted.TrimEnd('\r'))}", ScriptCheck.EndsOfWindows(printable));
                if (!IsThere(command, wanted))
                    return Error("script-interpreter-missing", $"{printable} is there; it is a script for {PathBytes.Printable(wanted)}, which is not in the image{(wanted.Contains('/') ? "" : "'s PATH")}", $"install {PathBytes.Printable(wanted)}, or change the first line of the script");
            }
            else if (Loader(command, path) is { } loader && !command.View.Resolve(loader).Exists)
            {
                return Error("loader-missing", $"{printable} is there; it wants the loader {PathBytes.Printable(loader)}, which is not in the image", "use a build for the image's own libc, or an image that has this loader");
            }
        }

        return null;
    }

    /// <summary>Of a script that does not say what runs it; null for anything else.</summary>
    public static Finding? Format(ExaminedCommand command, string name)
    {
        foreach (string path in name.Length == 0 ? [] : Places(command, name))
        {
            string printable = PathBytes.Printable(path);
            if (PlainScript.HasMark(command, path))
                return Error("script-byte-order-mark", $"{printable} begins with a byte order mark, so that the kernel does not see its #! line", "save it as UTF-8 without the mark: sed -i '1s/^\\xef\\xbb\\xbf//'");
            if (PlainScript.IsText(command, path))
                return Error("program-no-executable-format", $"{printable} is neither an ELF program nor a script with a #! line", "begin a script with #!/bin/sh, or copy the program again where it is damaged");
        }

        return null;
    }

    static bool IsThere(ExaminedCommand command, string program)
    {
        try
        {
            command.Programs.FindExecuted(program);
            return true;
        }
        catch (ProgramException)
        {
            return false;
        }
    }

    static string? Loader(ExaminedCommand command, string path)
    {
        try
        {
            return command.Root.Files.Find(path)?.Elf?.Interpreter;
        }
        catch (ElfFormatException)
        {
            return null;
        }
    }

    /// <summary>The files that a text may speak of.</summary>
    static IEnumerable<string> Places(ExaminedCommand command, string name)
    {
        string file = LinuxPath.Name(name);
        List<string> places = name.StartsWith('/') ? [name] : [$"{command.WorkingDirectory.TrimEnd('/')}/{name}"];
        if (!name.StartsWith('/') && file.Length > 0)
            places.AddRange(command.Root.ProgramDirectories(file).Take(MostFiles).Select(directory => LinuxPath.Join(directory, file)));
        return places.Where(path => command.View.Resolve(path) is { Exists: true, Status.IsRegular: true }).Distinct();
    }

    static Finding Error(string id, string cause, string fix) => new() { Id = id, Severity = FindingSeverity.Error, Cause = cause, Fix = fix };
}
