using System.Text;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Expands words (XCU 2.6) as far as everything in them is known; what is not known is null.</summary>
/// <param name="command">The shell as it was started.</param>
sealed class ShellExpansion(ExaminedCommand command, ShellState state, bool isBash)
{
    /// <summary>More than any argument that is given by hand, in characters or words.</summary>
    const int Most = 1 << 16;

    /// <summary>Every shell has them without having been told.</summary>
    static readonly HashSet<string> own = new(StringComparer.Ordinal) { "_", "IFS", "LINENO", "OLDPWD", "OPTARG", "OPTERR", "OPTIND", "PPID", "PS2", "PS4", "PWD", "RANDOM", "REPLY" };

    /// <summary>Bash and zsh these too.</summary>
    static readonly HashSet<string> bashsOwn = new(StringComparer.Ordinal)
    {
        "COLUMNS", "COMP_WORDBREAKS", "DIRSTACK", "EGID", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME", "GID", "GROUPS", "HOSTNAME", "HOSTTYPE", "LINES", "LOGNAME", "MACHTYPE", "MAILCHECK", "OSTYPE",
        "PIPESTATUS", "SECONDS", "SHELL", "SHELLOPTS", "SHLVL", "SRANDOM", "TERM", "UID", "USERNAME",
    };

    /// <summary>As one field, as in "NAME=WORD".</summary>
    public string? Text(ShellTerm term)
    {
        StringBuilder text = new();
        for (int i = 0; i < term.Parts.Count; i++)
        {
            ShellPart part = term.Parts[i];
            string? value = part.Kind == ShellPartKind.Literal ? Literal(part, i == 0, hasBraces: false) : Value(part);
            if (value is null || text.Length + value.Length > Most)
                return null;
            text.Append(value);
        }

        return text.ToString();
    }

    /// <summary>As a pattern, in which what is quoted stands for itself.</summary>
    public string? Pattern(ShellTerm term)
    {
        StringBuilder text = new();
        foreach (ShellPart part in term.Parts)
        {
            string? value = part.Kind == ShellPartKind.Literal ? part.Text : Value(part);
            if (value is null || text.Length + value.Length > Most)
                return null;
            text.Append(part.IsQuoted ? ShellPattern.Quote(value) : value);
        }

        return text.ToString();
    }

    /// <summary>As the fields that a command gets.</summary>
    public List<string>? Fields(ShellTerm term)
    {
        FieldBuilder fields = new();
        for (int i = 0; i < term.Parts.Count; i++)
        {
            ShellPart part = term.Parts[i];
            if (part is { Kind: ShellPartKind.Parameter, Text: "@" or "*", Operator: "" } && !(part is { Text: "*", IsQuoted: true }))
            {
                if (state.Arguments is not { } arguments)
                    return null;
                fields.AddAll(arguments, part.IsQuoted);
                continue;
            }

            string? value = part.Kind == ShellPartKind.Literal ? Literal(part, i == 0, hasBraces: true) : Value(part);
            if (value is null || value.Length > Most)
                return null;
            if (part.IsQuoted || part.Kind == ShellPartKind.Literal)
                fields.Add(value, part.IsQuoted);
            else if (state.Variables.ContainsKey("IFS"))
                return null;
            else
                fields.AddSplit(value);
        }

        List<string> expanded = [];
        foreach ((string text, string pattern) in fields.All())
        {
            if (ShellPattern.IsIn(pattern.Replace("\\*", "").Replace("\\?", "").Replace("\\[", "")))
            {
                if (Names(pattern) is not { } names)
                    return null;
                expanded.AddRange(names.Count > 0 ? names : [text]);
            }
            else
            {
                expanded.Add(text);
            }

            if (expanded.Count > Most)
                return null;
        }

        return expanded;
    }

    /// <summary>Unquoted, the home directory and bash's lists in braces are expanded.</summary>
    string? Literal(ShellPart part, bool isFirst, bool hasBraces)
    {
        if (part.IsQuoted)
            return part.Text;
        if (hasBraces && isBash && part.Text.IndexOf('{') is >= 0 and int brace && part.Text.AsSpan(brace).ContainsAny(',', '.'))
            return null;
        if (part.Text.Contains(":~", StringComparison.Ordinal) || part.Text.Contains("=~", StringComparison.Ordinal))
            return null;
        if (!isFirst || !part.Text.StartsWith('~'))
            return part.Text;
        return part.Text.Length == 1 || part.Text[1] == '/' ? Variable("HOME") is { IsKnown: true, Value: { } home } ? home + part.Text[1..] : null : null;
    }

    string? Value(ShellPart part) => part.Kind switch
    {
        ShellPartKind.Parameter => Parameter(part),
        ShellPartKind.Command => new ShellOutput(command, state, isBash).Of(part.Text),
        _ => null,
    };

    string? Parameter(ShellPart part)
    {
        (bool isKnown, string? value) = Variable(part.Text);
        if (!isKnown || (value?.Length ?? 0) > Most)
            return null;
        bool isSet = part.Operator.StartsWith(':') ? !string.IsNullOrEmpty(value) : value is not null;
        switch (part.Operator)
        {
            case ":-" or "-":
                return isSet ? value : Text(part.Operand!);
            case ":=" or "=":
                if (!isSet)
                    state.Set(part.Text, value = Text(part.Operand!));
                return value;
            case ":+" or "+":
                return isSet ? Text(part.Operand!) : "";
            case ":?" or "?":
                return isSet ? value : null;
        }

        if (value is null)
            return state.NoUnset ? null : part.Operator == "length" ? "0" : "";
        return part.Operator switch
        {
            "" => value,
            "length" => Ascii.IsValid(value) ? value.Length.ToString() : null,
            "#" or "##" or "%" or "%%" => Pattern(part.Operand!) is { } pattern ? Without(value, pattern, part.Operator) : null,
            ":" => Text(part.Operand!) is { } range ? Range(value, range) : null,
            _ => null,
        };
    }

    /// <summary>The shortest or longest beginning or end that fits a pattern taken off.</summary>
    static string? Without(string value, string pattern, string sign)
    {
        bool isEnd = sign[0] == '%';
        const int most = 4096;
        if (value.Length > most)
            return null;
        for (int i = 0; i <= value.Length; i++)
        {
            int length = sign.Length == 1 ? i : value.Length - i;
            if (ShellPattern.Matches(pattern, isEnd ? value[(value.Length - length)..] : value[..length]) is not { } matches)
                return null;
            if (matches)
                return isEnd ? value[..(value.Length - length)] : value[length..];
        }

        return value;
    }

    /// <summary>Bash's "OFFSET:LENGTH".</summary>
    static string? Range(string value, string range)
    {
        string[] numbers = range.Split(':');
        if (numbers.Length > 2 || !uint.TryParse(numbers[0], out uint from) || !Ascii.IsValid(value))
            return null;
        uint length = uint.MaxValue;
        if (numbers.Length == 2 && !uint.TryParse(numbers[1], out length))
            return null;
        string rest = value[(int)Math.Min(from, (uint)value.Length)..];
        return rest[..(int)Math.Min(length, (uint)rest.Length)];
    }

    (bool IsKnown, string? Value) Variable(string name)
    {
        if (char.IsAsciiDigit(name[0]))
        {
            if (name.Trim('0').Length == 0)
                return (state.Zero is not null, state.Zero);
            if (state.Arguments is not { } arguments || !int.TryParse(name, out int index))
                return (false, null);
            return (true, index <= arguments.Count ? arguments[index - 1] : null);
        }

        switch (name)
        {
            case "@" or "*":
                return (state.Arguments is not null && !state.Variables.ContainsKey("IFS"), state.Arguments is { Count: > 0 } all ? string.Join(' ', all) : null);
            case "#":
                return (state.Arguments is not null, state.Arguments?.Count.ToString());
        }

        if (!ShellAssignment.IsName(name))
            return (false, null);
        if (name == "PWD" && state.Directory is { } directory)
            return (true, directory);
        if (state.Variables.TryGetValue(name, out (string? Value, bool IsExported) variable))
            return (variable.Value is not null, variable.Value);
        if (isBash && name is "UID" or "EUID" && command.UserId is { } user)
            return (true, user.ToString());
        bool isOwn = own.Contains(name) || (isBash && (bashsOwn.Contains(name) || name.StartsWith("BASH", StringComparison.Ordinal) || name.StartsWith("ZSH", StringComparison.Ordinal)));
        return (!state.IsLost && !isOwn, null);
    }

    /// <summary>The paths that fit a pattern, in order; null where they are not known.</summary>
    List<string>? Names(string pattern)
    {
        int slash = pattern.LastIndexOf('/');
        string parent = pattern[..(slash + 1)];
        if (parent.AsSpan().ContainsAny("*?[\\") || state.Changes.MayHaveChanged || state.Directory is not { } directory)
            return null;
        string full = parent.StartsWith('/') ? parent : $"{directory.TrimEnd('/')}/{parent}";
        if (ProgramCheck.IsLive(full) || LinuxPath.IsBelow(full, "/sys"))
            return null;
        string last = pattern[(slash + 1)..];
        List<string> found = [];
        try
        {
            foreach (string name in command.View.Names(full))
            {
                if (name.StartsWith('.') && !last.StartsWith('.'))
                    continue;
                if (ShellPattern.Matches(last, name) is not { } matches)
                    return null;
                if (matches && found.Count < Most)
                    found.Add(parent + name);
            }
        }
        catch (LinuxException)
        {
            // Not there, or closed: nothing fits.
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Fields as they grow, each with the pattern that it is.</summary>
    sealed class FieldBuilder
    {
        readonly List<(string Text, string Pattern)> done = [];
        readonly StringBuilder text = new();
        readonly StringBuilder pattern = new();
        bool isOpen;

        public void Add(string value, bool isQuoted)
        {
            isOpen = true;
            text.Append(value);
            pattern.Append(isQuoted ? ShellPattern.Quote(value) : value);
        }

        public void AddSplit(string value)
        {
            foreach (char c in value)
            {
                if (c is ' ' or '\t' or '\n')
                    Close();
                else
                    Add(c.ToString(), isQuoted: false);
            }
        }

        public void AddAll(IReadOnlyList<string> values, bool isQuoted)
        {
            for (int i = 0; i < values.Count; i++)
            {
                if (i > 0)
                    Close();
                if (isQuoted)
                    Add(values[i], isQuoted: true);
                else
                    AddSplit(values[i]);
            }
        }

        public List<(string Text, string Pattern)> All()
        {
            Close();
            return done;
        }

        void Close()
        {
            if (isOpen)
                done.Add((text.ToString(), pattern.ToString()));
            isOpen = false;
            text.Clear();
            pattern.Clear();
        }
    }
}
