using Decant.Launch;

namespace Decant.Doctor;

/// <summary>What env(1) of GNU coreutils does with its options and variables before it starts a program; those of BusyBox are among them.</summary>
static class EnvCommand
{
    const string Origin = "env";

    /// <summary>Expanding -S again and again ends nowhere.</summary>
    const int MostWords = 10_000;

    static readonly string[] flags = ["--null", "--debug", "--list-signal-handling", "--block-signal", "--default-signal", "--ignore-signal"];

    /// <summary>Takes off what is env's own; false where it starts nothing, or refuses its options.</summary>
    public static bool Take(StartedCommand started)
    {
        List<string> unset = [];
        bool isEmpty = false;
        bool isNull = false;
        for (bool inOptions = true; inOptions && started.Words.Count > 0;)
        {
            string word = started.Words[0];
            if (!word.StartsWith('-'))
                break;
            started.Take();
            switch (word)
            {
                case "--":
                    inOptions = false;
                    break;
                case "-":
                    isEmpty = true;
                    inOptions = false;
                    break;
                default:
                    if (!(word.StartsWith("--", StringComparison.Ordinal) ? Long(word, started, unset, ref isEmpty) : Letters(word, started, unset, ref isEmpty, ref isNull)))
                        return false;
                    break;
            }
        }

        if (isEmpty)
            started.Environment = new LaunchEnvironment();
        foreach (string name in unset)
            started.Set(name, null, Origin);
        while (started.Words.Count > 0 && started.Words[0].IndexOf('=') is > 0 and int equals)
        {
            string word = started.Take();
            started.Set(word[..equals], word[(equals + 1)..], Origin);
        }

        return started.Words.Count > 0 && !isNull;
    }

    /// <summary>Why env does not take the one word that a "#!" line gives it; null where it does.</summary>
    public static bool RefusesBlank(string argument) =>
        argument.Length > 1 && argument[0] == '-' && argument[1] != '-' && argument.IndexOfAny([' ', '\t']) is > 0 and int blank && !argument.AsSpan(0, blank).ContainsAny("SuCa");

    static bool Letters(string word, StartedCommand started, List<string> unset, ref bool isEmpty, ref bool isNull)
    {
        for (int i = 1; i < word.Length; i++)
        {
            char letter = word[i];
            if (letter is 'i' or 'v' or '0')
            {
                isEmpty |= letter == 'i';
                isNull |= letter == '0';
                continue;
            }

            string? value = i + 1 < word.Length ? word[(i + 1)..] : started.Words.Count > 0 ? started.Take() : null;
            return value is not null && Value(letter, value, started, unset);
        }

        return true;
    }

    static bool Long(string word, StartedCommand started, List<string> unset, ref bool isEmpty)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word : word[..equals];
        isEmpty |= name == "--ignore-environment";
        char letter = name switch { "--unset" => 'u', "--chdir" => 'C', "--split-string" => 'S', "--argv0" => 'a', _ => '\0' };
        // That and --null go with no program.
        if (letter == '\0')
            return name == "--ignore-environment" || (flags.Contains(name) && name != "--null");
        string? value = equals >= 0 ? word[(equals + 1)..] : started.Words.Count > 0 ? started.Take() : null;
        return value is not null && Value(letter, value, started, unset);
    }

    static bool Value(char letter, string value, StartedCommand started, List<string> unset)
    {
        switch (letter)
        {
            case 'u':
                unset.Add(value);
                return true;
            case 'C':
                started.Enter(value);
                return true;
            case 'S':
                if (EnvSplit.Words(value, started.Environment) is not { } words || words.Count + started.Words.Count > MostWords)
                    return false;
                started.Words.InsertRange(0, words);
                return true;
            default:
                return letter == 'a';
        }
    }
}
