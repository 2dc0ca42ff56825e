namespace Decant.Doctor;

/// <summary>What the command line of CPython asks for (Python/getopt.c, Python/initconfig.c; python(1)).</summary>
sealed record PythonInvocation
{
    /// <summary>Options of one letter that take a value.</summary>
    const string WithValue = "WX";

    public PythonTask Task { get; init; }

    /// <summary>The script's path, the module's name, or the source itself.</summary>
    public string Subject { get; init; } = "";

    /// <summary>-E, -I: variables that begin with PYTHON count for nothing.</summary>
    public bool IgnoresEnvironment { get; init; }

    /// <summary>-s, -I.</summary>
    public bool WithoutUserSite { get; init; }

    /// <summary>-S.</summary>
    public bool WithoutSite { get; init; }

    /// <summary>-P, -I: neither the script's directory nor the working directory is searched.</summary>
    public bool IsSafePath { get; init; }

    /// <param name="arguments">Behind the interpreter's own name.</param>
    public static PythonInvocation Parse(IReadOnlyList<string> arguments)
    {
        PythonInvocation parsed = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string word = arguments[i];
            if (word is "--")
                return Script(parsed, arguments, i + 1);
            if (word is "--help" or "--version" or "--help-env" or "--help-xoptions" or "--help-all")
                return parsed with { Task = PythonTask.Nothing };
            if (word is "--check-hash-based-pycs")
            {
                i++;
                continue;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
                continue;
            if (word.Length < 2 || word[0] != '-')
                return Script(parsed, arguments, i);
            for (int letter = 1; letter < word.Length; letter++)
            {
                string? rest = letter + 1 < word.Length ? word[(letter + 1)..] : i + 1 < arguments.Count ? arguments[i + 1] : null;
                switch (word[letter])
                {
                    case 'c':
                        return parsed with { Task = rest is null ? PythonTask.Nothing : PythonTask.Source, Subject = rest ?? "" };
                    case 'm':
                        return parsed with { Task = rest is null ? PythonTask.Nothing : PythonTask.Module, Subject = rest ?? "" };
                    case 'V' or 'h' or '?':
                        return parsed with { Task = PythonTask.Nothing };
                    case 'E':
                        parsed = parsed with { IgnoresEnvironment = true };
                        break;
                    case 'I':
                        parsed = parsed with { IgnoresEnvironment = true, WithoutUserSite = true, IsSafePath = true };
                        break;
                    case 's':
                        parsed = parsed with { WithoutUserSite = true };
                        break;
                    case 'S':
                        parsed = parsed with { WithoutSite = true };
                        break;
                    case 'P':
                        parsed = parsed with { IsSafePath = true };
                        break;
                    default:
                        if (WithValue.Contains(word[letter]))
                        {
                            i += letter + 1 < word.Length ? 0 : 1;
                            letter = word.Length;
                        }

                        break;
                }
            }
        }

        return parsed;
    }

    static PythonInvocation Script(PythonInvocation parsed, IReadOnlyList<string> arguments, int at) =>
        at >= arguments.Count || arguments[at] == "-" ? parsed : parsed with { Task = PythonTask.Script, Subject = arguments[at] };
}
