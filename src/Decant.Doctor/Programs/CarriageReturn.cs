using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A script with line ends of Windows: to the kernel the carriage return at the end of its "#!" line is part of the interpreter's name, or of the argument (execve(2)).
/// </summary>
static class CarriageReturn
{
    const string Id = "script-carriage-return";

    /// <summary>Of the interpreter's name, or, behind env, of the name that env looks for.</summary>
    /// <param name="missing">The name, which is not there.</param>
    public static Finding InInterpreter(ExaminedCommand command, ProgramException missing, ScriptLine script)
    {
        string name = PathBytes.Printable(missing.Name.TrimEnd('\r'));
        return new Finding
        {
            Id = Id,
            Severity = FindingSeverity.Error,
            Cause = $"{PathBytes.Printable(script.Script)} has line ends of Windows, so that its first line asks for {name} with a carriage return, which is not there",
            // The name stands between them, as each env writes it: '\r', $'\r' or the character itself.
            Message = missing.Script is null ? "No such file or directory" : missing.Errno.Describe(),
            Evidence = [PathBytes.Printable(missing.Message), Without(command, missing.Name.TrimEnd('\r'), name)],
            Fix = Fix(script),
        };
    }

    /// <summary>Of the argument, where the interpreter takes each of its letters for an option and knows none by that character; null elsewhere.</summary>
    /// <param name="program">The interpreter's, as it is called.</param>
    /// <param name="real">The same without links.</param>
    public static Finding? InOptions(ScriptLine script, string program, string real)
    {
        if (script.Argument is not ['-', .., '\r'])
            return null;
        string name = LinuxPath.Name(real);
        string? message = name switch
        {
            "dash" => "Illegal option -",
            // Of its many programs only the shell.
            "busybox" when LinuxPath.Name(program) is "sh" or "ash" => "illegal option -",
            "bash" => ": invalid option",
            // Others of its letters take the rest of the word.
            _ when name.StartsWith("python3", StringComparison.Ordinal) && !script.Argument.AsSpan(1).ContainsAny("cmWX-") => "Unknown option: -",
            _ => null,
        };
        return message is null ? null : new Finding
        {
            Id = Id,
            Severity = FindingSeverity.Error,
            Cause = $"{PathBytes.Printable(script.Script)} has line ends of Windows, so that its first line gives {PathBytes.Printable(script.Interpreter)} a carriage return as an option",
            Message = message,
            Evidence = [$"{PathBytes.Printable(script.Interpreter)} is given '{PathBytes.Printable(script.Argument)}'"],
            Fix = Fix(script),
        };
    }

    static string Fix(ScriptLine script) => $"sed -i 's/\\r$//' {PathBytes.Printable(script.Script)}";

    static string Without(ExaminedCommand command, string name, string printable)
    {
        try
        {
            return $"without the carriage return it is {PathBytes.Printable(command.Programs.FindExecuted(name).Path)}";
        }
        catch (ProgramException)
        {
            return $"{printable} is not there either";
        }
    }
}
