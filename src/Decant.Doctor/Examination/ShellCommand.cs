using System.Buffers;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What a shell is told on its command line: a text, or a script with its arguments.</summary>
static class ShellCommand
{
    /// <summary>What a shell has where its environment has no PATH.</summary>
    const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Options of one letter that change nothing of what is started, but "e", "u", "a" and "o", which the walk knows.</summary>
    static readonly SearchValues<char> letters = SearchValues.Create("abcefhilmnpstuvxBCEHPTo");

    /// <summary>What a shell does with its commands; null where the command is no shell, or one that is not told what to do.</summary>
    public static ShellFollowed? Follow(ExaminedCommand command)
    {
        FoundProgram program;
        try
        {
            program = command.Programs.FindExecuted(command.Arguments[0]);
        }
        catch (ProgramException)
        {
            return null;
        }

        string shell = LinuxPath.Name(command.View.Resolve(program.Path).Path);
        string name = LinuxPath.Name(program.Path);
        if (!CommandChain.IsShell(name))
            return null;
        return Follow(command, shell, [.. program.ArgumentsOf(command.Arguments)]);
    }

    static ShellFollowed? Follow(ExaminedCommand command, string shell, List<string> words)
    {
        ShellState state = new(new ShellChanges()) { Directory = command.WorkingDirectory, Zero = command.Arguments[0] };
        foreach (EnvironmentVariable variable in command.Environment.Variables)
            state.Set(variable.Name, variable.Value, isExported: true);
        if (command.Environment["PATH"] is null)
            state.Set("PATH", DefaultPath, isExported: true);
        // Dash has a prompt even where it asks nobody.
        if (shell == "dash" && command.Environment["PS1"] is null)
            state.Set("PS1", "$ ");
        if (TakeOptions(words, state, out bool isLogin, out bool hasText) is { } unknown)
            return Skipped($"what it runs, as its option {PathBytes.Printable(unknown)} is not known");
        if (words.Count == 0)
            return command.IsCut && hasText ? Skipped("its text, which is not known") : null;
        if (command.IsCut && (!hasText || words.Count > 1))
            state.Arguments = null;
        string first = words[0];
        IReadOnlyList<string> before = Before(command, shell, isLogin);
        if (hasText)
        {
            if (words.Count > 1)
                state.Zero = words[1];
            state.Arguments = command.IsCut ? null : [.. words.Skip(2)];
            return ShellWalk.Follow(command, shell, state, first, before);
        }

        state.Zero = first;
        state.Arguments = command.IsCut ? null : [.. words.Skip(1)];
        string path = first.StartsWith('/') ? first : $"{command.WorkingDirectory.TrimEnd('/')}/{first}";
        return Read(command, path) is { } text ? ShellWalk.Follow(command, shell, state, text, before) : Skipped($"{PathBytes.Printable(path)}, which cannot be read");
    }

    static ShellFollowed Skipped(string what) => new([], [], [what]);

    static string? Read(ExaminedCommand command, string path)
    {
        try
        {
            return !ProgramCheck.IsLive(path) && command.View.TryReadFile(path, ShellWalk.MostBytes) is { } bytes ? PathBytes.Decode(bytes) : null;
        }
        catch (DecantException)
        {
            // Too large, or closed.
            return null;
        }
    }

    /// <returns>An option that is not known; null where all are.</returns>
    static string? TakeOptions(List<string> words, ShellState state, out bool isLogin, out bool hasText)
    {
        isLogin = hasText = false;
        bool hasInput = false;
        while (words.Count > 0 && words[0].Length > 1 && words[0][0] is '-' or '+')
        {
            string option = words[0];
            words.RemoveAt(0);
            if (option == "--")
                break;
            if (option.StartsWith("--", StringComparison.Ordinal))
            {
                isLogin |= option == "--login";
                if (option is "--norc" or "--noprofile" or "--posix" or "--login")
                    continue;
                if (option is not ("--rcfile" or "--init-file") || words.Count == 0)
                    return option;
                words.RemoveAt(0);
                continue;
            }

            if (option.AsSpan(1).ContainsAnyExcept(letters))
                return option;
            isLogin |= option.Contains('l');
            hasText |= option[0] == '-' && option.Contains('c');
            hasInput |= option[0] == '-' && option.Contains('s');
            foreach (char letter in option.AsSpan(1))
            {
                string value = letter switch { 'e' => "errexit", 'u' => "nounset", 'a' => "allexport", 'o' when words.Count > 0 => words[0], _ => "" };
                ShellWalk.Option(value, option[0] == '-', state);
                if (letter == 'o' && words.Count > 0)
                    words.RemoveAt(0);
            }
        }

        // Its commands come from elsewhere, and the words are their arguments.
        if (hasInput && !hasText)
            words.Clear();
        return null;
    }

    /// <summary>The files of the image that a shell reads before it does what it was told ("INVOCATION" of bash(1) and dash(1)).</summary>
    static List<string> Before(ExaminedCommand command, string shell, bool isLogin)
    {
        List<string> files = [];
        if (isLogin)
        {
            string home = command.Environment["HOME"] ?? "/";
            string[] own = shell == "bash" ? [$"{home}/.bash_profile", $"{home}/.bash_login", $"{home}/.profile"] : [$"{home}/.profile"];
            if (IsFile(command, "/etc/profile"))
                files.Add("/etc/profile");
            if (Array.Find(own, path => IsFile(command, path)) is { } found)
                files.Add(found);
        }
        else if (shell == "bash" && command.Environment["BASH_ENV"] is { Length: > 0 } file && IsFile(command, file))
        {
            files.Add(file);
        }

        return files;
    }

    static bool IsFile(ExaminedCommand command, string path) => path.StartsWith('/') && command.View.Resolve(path) is { Exists: true, Status.IsRegular: true };
}
