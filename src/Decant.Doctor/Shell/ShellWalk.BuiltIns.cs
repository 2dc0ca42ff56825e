using System.Globalization;

namespace Decant.Doctor;

/// <summary>Commands of the shell itself (XCU 2.14), as far as they change what comes behind.</summary>
sealed partial class ShellWalk
{
    ShellStatus BuiltIn(List<string> words, bool isCut, ShellSimple node, IReadOnlyList<(string Name, string? Value)> assigned, ShellState state, ShellFate fate)
    {
        switch (words[0])
        {
            case ":" or "true" or "echo" or "pwd" or "umask" or "hash":
                return ShellStatus.Succeeds;
            case "false":
                return ShellStatus.Fails;
            case "cd":
                return Enter(words, isCut, state, fate, node.Line);
            case "pushd" or "popd":
                state.Directory = null;
                return ShellStatus.Unknown;
            case "set":
                return Set(words, isCut, state);
            case "shift":
                return Shift(words, isCut, state);
            case "exit" or "return":
                state.HasEnded = true;
                state.HasReturned = words[0] == "return";
                state.LastStatus = words.Count < 2 || isCut || !int.TryParse(words[1], NumberStyles.None, null, out int code) ? ShellStatus.Unknown : code == 0 ? ShellStatus.Succeeds : ShellStatus.Fails;
                return state.LastStatus;
            case "exec":
                return Exec(words, isCut, assigned, state, fate, node.Line);
            case "command":
                return Command(words, isCut, node, assigned, state, fate);
            case "builtin" when words.Count > 1 && ShellBuiltIns.Has(words[1], isDash: false):
                return BuiltIn(words[1..], isCut, node, assigned, state, fate);
            case "eval":
                return Eval(words, isCut, state, fate, node.Line);
            case "." or "source":
                return Source(words, isCut, state, fate, node.Line);
            case "test" or "[" or "[[":
                return Test(words, isCut, state);
            case "trap":
                state.Changes.MayTrap |= isCut || (words.Count > 1 && words[1].Contains("exit", StringComparison.Ordinal));
                return ShellStatus.Succeeds;
            case "unset":
                foreach (string name in words.Skip(1))
                {
                    state.Variables.Remove(name);
                    state.Functions.Remove(name);
                }

                state.IsLost |= isCut;
                return ShellStatus.Succeeds;
            case "alias":
                // Of dash and BusyBox they count in scripts too.
                foreach (string word in isBash ? [] : words.Skip(1))
                    state.Functions[word.Split('=')[0]] = null;
                return ShellStatus.Succeeds;
            case "printf" when !words.Contains("-v"):
                return ShellStatus.Succeeds;
            default:
                ShellEffects.Apply([node], state);
                return ShellStatus.Unknown;
        }
    }

    ShellStatus Enter(List<string> words, bool isCut, ShellState state, ShellFate fate, int line)
    {
        string? to = words.Skip(1).FirstOrDefault(word => word is not ("-P" or "-L" or "-e" or "--"));
        if (to is null && !isCut)
            to = state.Variables.TryGetValue("HOME", out (string? Value, bool IsExported) home) ? home.Value : null;
        string? full = isCut || to is null or "-" or "" ? null : to.StartsWith('/') ? Absolute(to, "/") : state.Directory is { } directory && !state.Variables.ContainsKey("CDPATH") ? Absolute(to, directory) : null;
        if (full is null || state.IsLost || ProgramCheck.IsLive(full) || state.Changes.Made.Contains(full))
        {
            state.Directory = full;
            return ShellStatus.Unknown;
        }

        ExaminedCommand there = command.Inner(command.Environment, full, command.Arguments, Starter(isExec: false), isCut: false);
        if (StartedDirectory.Examine(command, there) is not { } closed)
        {
            state.Directory = full;
            return ShellStatus.Succeeds;
        }

        // It may be there by then.
        if (state.Changes.MayHaveChanged && closed.Fix?.StartsWith("chmod", StringComparison.Ordinal) != true)
        {
            state.Directory = full;
            return ShellStatus.Unknown;
        }

        if (Severity(state, fate) is { } severity)
            findings.Add(closed with { Severity = severity, Evidence = hasLines ? [$"the shell goes there{Place(line)}"] : [] });
        return ShellStatus.Fails;
    }

    static ShellStatus Set(List<string> words, bool isCut, ShellState state)
    {
        int at = 1;
        while (at < words.Count && words[at].Length > 1 && words[at][0] is '-' or '+')
        {
            string word = words[at++];
            if (word == "--")
            {
                state.Arguments = isCut ? null : words[at..];
                return ShellStatus.Succeeds;
            }

            foreach (char letter in word.AsSpan(1))
            {
                string name = letter switch { 'e' => "errexit", 'u' => "nounset", 'a' => "allexport", 'o' when at < words.Count => words[at++], _ => "" };
                Option(name, word[0] == '-', state);
            }
        }

        if (isCut)
        {
            state.Arguments = null;
            state.ErrExit = false;
        }
        else if (at < words.Count)
        {
            state.Arguments = words[at..];
        }

        return ShellStatus.Succeeds;
    }

    public static void Option(string name, bool isOn, ShellState state)
    {
        switch (name)
        {
            case "errexit":
                state.ErrExit = isOn;
                break;
            case "nounset":
                state.NoUnset = isOn;
                break;
            case "allexport":
                state.AllExport = isOn;
                break;
            case "pipefail":
                state.PipeFail = isOn;
                break;
        }
    }

    static ShellStatus Shift(List<string> words, bool isCut, ShellState state)
    {
        int count = 1;
        bool isKnown = !isCut && (words.Count < 2 || int.TryParse(words[1], NumberStyles.None, null, out count));
        if (!isKnown || state.Arguments is not { } arguments)
        {
            state.Arguments = null;
            return ShellStatus.Unknown;
        }

        if (count > arguments.Count)
            return ShellStatus.Unknown;
        state.Arguments = [.. arguments.Skip(count)];
        return ShellStatus.Succeeds;
    }

    ShellStatus Exec(List<string> words, bool isCut, IReadOnlyList<(string Name, string? Value)> assigned, ShellState state, ShellFate fate, int line)
    {
        List<string> rest = words[1..];
        if (rest is ["--", ..])
            rest.RemoveAt(0);
        while (isBash && rest is [['-', ..], ..])
        {
            // A name of its own changes nothing of what is started; an empty environment would.
            if (rest is not ["-a", _, ..])
                break;
            rest.RemoveRange(0, 2);
        }

        if (rest is [['-', ..], ..] || (rest.Count == 0 && isCut))
            Skip($"what \"exec\" starts{Place(line)}");
        else if (rest.Count == 0)
            return ShellStatus.Succeeds;
        else
            Start(rest, isCut, assigned, state, Ending(fate), line, isExec: true);
        state.HasEnded = true;
        return ShellStatus.Unknown;
    }

    ShellStatus Command(List<string> words, bool isCut, ShellSimple node, IReadOnlyList<(string Name, string? Value)> assigned, ShellState state, ShellFate fate)
    {
        if (words is [_, "-v" or "-V", var asked] && !isCut)
        {
            if (state.Functions.ContainsKey(asked) || ShellBuiltIns.Has(asked, shell == "dash"))
                return ShellStatus.Succeeds;
            return state.IsLost || state.Changes.MayHaveChanged || state.Directory is not { } directory || Path(state) is null || Environment(state, [], out _) is not { } environment ? ShellStatus.Unknown
                : IsProgram(command.Inner(environment, directory, [asked], Starter(isExec: false), isCut: false)) ? ShellStatus.Succeeds : ShellStatus.Fails;
        }

        if (words.Count < 2 || words[1].StartsWith('-'))
        {
            if (!isCut && words.Count < 2)
                return ShellStatus.Succeeds;
            Skip($"what \"command\" starts{Place(node.Line)}");
            state.Changes.MayHaveChanged = true;
            return ShellStatus.Unknown;
        }

        List<string> rest = words[1..];
        return ShellBuiltIns.Has(rest[0], shell == "dash") ? BuiltIn(rest, isCut, node, assigned, state, fate) : Start(rest, isCut, assigned, state, fate, node.Line);
    }

    /// <summary>Whether a shell finds it, whatever comes of it.</summary>
    static bool IsProgram(ExaminedCommand asked)
    {
        try
        {
            asked.Programs.FindExecuted(asked.Arguments[0]);
            return true;
        }
        catch (ProgramException e)
        {
            return e.Script is not null;
        }
    }

    ShellStatus Eval(List<string> words, bool isCut, ShellState state, ShellFate fate, int line)
    {
        if (isCut || depth >= MostDepth)
        {
            Skip($"what \"eval\" runs{Place(line)}");
            state.IsLost = true;
            return ShellStatus.Unknown;
        }

        depth++;
        ShellStatus status = Text(string.Join(' ', words.Skip(1)), state, fate);
        depth--;
        return status;
    }

    ShellStatus Test(List<string> words, bool isCut, ShellState state)
    {
        string? end = words[0] switch { "[" => "]", "[[" => "]]", _ => null };
        if (isCut || state.IsLost || (end is not null && words[^1] != end))
            return ShellStatus.Unknown;
        // In "[[" what is on the right may be a pattern, and quotes have been taken off by now.
        bool isOpen = words[0] == "[[" && words.Skip(2).Any(ShellPattern.IsIn);
        return isOpen ? ShellStatus.Unknown : new ShellTest(command, state).Of(words[1..(end is null ? words.Count : words.Count - 1)]);
    }

    /// <summary>"export", "readonly", "local" and their like: names, with values or without.</summary>
    ShellStatus Declare(ShellSimple node, ShellState state)
    {
        ShellExpansion expansion = new(command, state, isBash);
        bool isExport = node.Words[0].Plain == "export";
        bool isOther = false;
        ShellStatus status = ShellStatus.Succeeds;
        foreach (ShellTerm term in node.Words.Skip(1))
        {
            if (term.Plain is ['-' or '+', ..] option)
            {
                isExport = option[0] == '-' ? isExport || option.Contains('x') : isExport && !option.Contains('x');
                isExport &= !(node.Words[0].Plain == "export" && option is "-n" or "-f");
                isOther |= option.AsSpan(1).ContainsAny("aAiln") || option.Contains('u');
                continue;
            }

            if (ShellAssignment.Of(term) is { } assignment)
            {
                string? value = isOther || assignment.Value is null ? null : expansion.Text(assignment.Value);
                // Dash would split it into words.
                if (!isBash && value?.AsSpan().ContainsAny(" \t\n") == true && assignment.Value!.Parts.Any(part => part.Kind != ShellPartKind.Literal && !part.IsQuoted))
                    value = null;
                state.Set(assignment.Name, value, isExport);
                continue;
            }

            if (expansion.Fields(term) is not { } names)
            {
                state.IsLost = true;
                return ShellStatus.Unknown;
            }

            foreach (string name in names)
            {
                string[] parts = name.Split('=', 2);
                if (!ShellAssignment.IsName(parts[0]))
                    status = ShellStatus.Unknown;
                else if (parts.Length == 2)
                    state.Set(parts[0], parts[1], isExport);
                else if (state.Variables.TryGetValue(name, out (string? Value, bool IsExported) known))
                    state.Variables[name] = (known.Value, isExport || known.IsExported);
            }
        }

        return status;
    }
}
