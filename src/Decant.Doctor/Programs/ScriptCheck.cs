using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether an interpreter can read the script that it is started with, be it by the script's "#!" line or as its first operand. Python's are looked at with all else of it.</summary>
static class ScriptCheck
{
    /// <summary>That open the script which they are given, and nothing before it.</summary>
    static readonly string[] shells = ["sh", "bash", "dash", "ash", "zsh", "ksh"];

    static readonly string[] others = ["perl", "ruby", "node", "lua", "php", "tclsh", "Rscript"];

    public static IEnumerable<Finding> Examine(ExaminedCommand command, FoundProgram program)
    {
        string name = LinuxPath.Name(program.Path);
        if (program.Scripts is [.., var line])
        {
            if (name == "env" && line.Argument is { } argument && EnvCommand.RefusesBlank(argument))
                yield return NotSplit(line, argument);
            if (CarriageReturn.InOptions(line, program.Path, command.View.Resolve(program.Path).Path) is { } windows)
                yield return windows;
            if ((shells.Contains(name) || others.Contains(name)) && Unreadable(command, program, line.Script) is { } closed)
                yield return closed;
            yield break;
        }

        if (shells.Contains(name) && Operand(command.Arguments) is { } script && Missing(command, program, script) is { } missing)
            yield return missing;
    }

    static Finding? Unreadable(ExaminedCommand command, FoundProgram program, string script) =>
        PermissionFindings.Unreadable(command, script, $"the script {PathBytes.Printable(script)}, which {PathBytes.Printable(program.Path)} is to run,", "script-unreadable", "Permission denied");

    /// <summary>env is given the rest of the line as one word, and takes its first letter for an option.</summary>
    static Finding NotSplit(ScriptLine line, string argument) => new()
    {
        Id = "script-interpreter-missing",
        Severity = FindingSeverity.Error,
        Cause = $"the first line of {PathBytes.Printable(line.Script)} has several words for env, which gets them as one",
        Message = "env: invalid option -- ' '",
        Evidence = [$"env is given '{PathBytes.Printable(argument)}'"],
        Fix = $"let env split them: #!{PathBytes.Printable(line.Interpreter)} -S {PathBytes.Printable(argument)}",
    };

    /// <summary>A shell's first word that is no option; null where it reads its input or a text.</summary>
    static string? Operand(IReadOnlyList<string> arguments)
    {
        for (int i = 1; i < arguments.Count; i++)
        {
            string word = arguments[i];
            if (word == "--")
                return i + 1 < arguments.Count ? arguments[i + 1] : null;
            if (word.Length < 2 || word[0] is not ('-' or '+'))
                return word.Length == 0 || word == "-" ? null : word;
            bool isLong = word.StartsWith("--", StringComparison.Ordinal);
            if (isLong ? word is not ("--norc" or "--noprofile" or "--posix" or "--login" or "--rcfile" or "--init-file" or "--verbose") : word.AsSpan(1).ContainsAny("csV"))
                return null;
            if (word is "--rcfile" or "--init-file" || (!isLong && (word.Contains('o') || word.Contains('O'))))
                i++;
        }

        return null;
    }

    static Finding? Missing(ExaminedCommand command, FoundProgram program, string script)
    {
        string path = script.StartsWith('/') ? script : $"{command.WorkingDirectory.TrimEnd('/')}/{script}";
        if (ProgramCheck.IsLive(command.View, path))
            return null;
        if (Unreadable(command, program, path) is { } closed)
            return closed;
        RootEntry entry = command.View.Resolve(path);
        if (entry.Exists || (!script.Contains('/') && IsOnPath(command, script)))
            return null;
        string real = LinuxPath.Name(command.View.Resolve(program.Path).Path);
        string printable = PathBytes.Printable(script);
        return new Finding
        {
            Id = "script-missing",
            Severity = FindingSeverity.Error,
            Cause = DanglingLink.Find(command.View, path) is { } link ? $"the script {PathBytes.Printable(path)} is not there: {link.Text}" : $"there is no script {PathBytes.Printable(path)} in the image",
            Message = real switch
            {
                "dash" => $"cannot open {printable}: No such file",
                "busybox" => $"can't open '{printable}': {entry.Errno.Describe()}",
                "bash" => $"{printable}: {entry.Errno.Describe()}",
                _ => entry.Errno == Errno.ENOENT ? "No such file" : entry.Errno.Describe(),
            },
            Evidence = [$"the command runs {printable} in {PathBytes.Printable(command.WorkingDirectory)}"],
            Fix = "give its absolute path, or the directory that it is in as working directory",
        };
    }

    /// <summary>Where bash looks for a script that is not in the directory.</summary>
    static bool IsOnPath(ExaminedCommand command, string script) =>
        (command.Environment["PATH"] ?? "").Split(':').Any(directory => command.View.Resolve($"{directory}/{script}").Exists);
}
