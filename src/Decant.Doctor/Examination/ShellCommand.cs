using System.Buffers;
using System.Text;

namespace Decant.Doctor;

/// <summary>
/// The program that a shell is sure to start with "-c": the text's first command, behind "cd DIR &amp;&amp;", variables and "exec", where it is given in plain words. What a
/// shell would expand, join by pipes or redirect is not followed.
/// </summary>
static class ShellCommand
{
    const string Origin = "shell";

    /// <summary>Characters that mean something to a shell outside of quotes.</summary>
    static readonly SearchValues<char> Expanded = SearchValues.Create("|&;<>()$`\\*?[]{}!\n");

    /// <summary>The same between double quotes.</summary>
    static readonly SearchValues<char> ExpandedInQuotes = SearchValues.Create("$`\\");

    /// <summary>Builtins and keywords of sh and bash that are no programs, or mean another than the program of the name.</summary>
    static readonly HashSet<string> OwnWords = new(StringComparer.Ordinal)
    {
        ".", ":", "[", "[[", "alias", "bg", "bind", "break", "builtin", "caller", "case", "cd", "command", "compgen", "complete", "compopt", "continue", "coproc", "declare", "dirs",
        "disown", "do", "done", "echo", "elif", "else", "enable", "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "for", "function", "getopts", "hash", "help", "history",
        "if", "in", "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read", "readarray", "readonly", "return", "select", "set", "shift", "shopt",
        "source", "suspend", "test", "then", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "until", "wait", "while",
    };

    /// <summary>Options of one letter that change nothing of what is started; of -o, its value.</summary>
    static readonly SearchValues<char> Letters = SearchValues.Create("abcefhklmnptuvxBCEHPTo");

    static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

    /// <summary>What a shell has where its environment has no PATH.</summary>
    const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Takes off what is the shell's own; false where nothing is sure to be started.</summary>
    /// <param name="isFile">Whether there is such a file in the root.</param>
    public static bool Take(StartedCommand started, Predicate<string> isFile)
    {
        bool isLogin = false;
        bool hasText = false;
        while (!hasText && started.Words.Count > 0 && started.Words[0].Length > 1 && started.Words[0][0] is '-' or '+')
        {
            string option = started.Take();
            if (option == "--")
                return false;
            if (option.StartsWith("--", StringComparison.Ordinal))
            {
                if (option is not ("--norc" or "--noprofile" or "--posix" or "--login"))
                    return false;
                isLogin |= option == "--login";
                continue;
            }

            if (option.AsSpan(1).ContainsAnyExcept(Letters))
                return false;
            isLogin |= option.Contains('l');
            hasText = option[0] == '-' && option.Contains('c');
            if (option.Contains('o') && started.Words.Count > 0)
                started.Take();
        }

        if (!hasText || started.Words.Count == 0)
            return false;
        // What these do is not known, and it may be anything.
        if ((isLogin && isFile("/etc/profile")) || (started.Environment["BASH_ENV"] is { Length: > 0 } file && isFile(file)))
            return false;
        string text = started.Take().Trim(' ', '\t', '\n').TrimEnd(';');
        started.Words.Clear();
        if (started.Environment["PATH"] is null)
            started.Set("PATH", DefaultPath, Origin);
        return Commands(text, started);
    }

    static bool Commands(string text, StartedCommand started)
    {
        while (First(ref text, out bool isLast) is { } words)
        {
            TakeVariables(words, started);
            if (words is ["exec", var program, ..] && !program.StartsWith('-'))
                words.RemoveAt(0);
            if (words is ["cd", var directory] && !isLast && !directory.StartsWith('-') && !directory.StartsWith('~'))
            {
                started.Enter(directory);
                continue;
            }

            if (words.Count == 0 || OwnWords.Contains(words[0]) || !(isLast || IsChain(text)))
                return false;
            started.Words.AddRange(words);
            return true;
        }

        return false;
    }

    /// <summary>The variables in front of a command, as its own environment has them.</summary>
    static void TakeVariables(List<string> words, StartedCommand started)
    {
        while (words.Count > 0 && words[0].IndexOf('=') is > 0 and int equals && words[0].AsSpan(0, equals).IndexOfAnyExcept(NameCharacters) < 0 && !char.IsAsciiDigit(words[0][0]))
        {
            started.Set(words[0][..equals], words[0][(equals + 1)..], Origin);
            words.RemoveAt(0);
        }
    }

    /// <summary>What follows "&amp;&amp;" is met only where the first succeeds, and the whole fails with the first: unless something comes behind.</summary>
    static bool IsChain(string rest) => !rest.AsSpan().ContainsAny(';', '\n') && !rest.Contains("||", StringComparison.Ordinal) && !rest.Replace("&&", "", StringComparison.Ordinal).Contains('&');

    /// <summary>Takes the first simple command off; null where it is not of plain words, or something else than "&amp;&amp;" follows.</summary>
    static List<string>? First(ref string text, out bool isLast)
    {
        List<string> words = [];
        StringBuilder? word = null;
        isLast = true;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\'' or '"')
            {
                int end = text.IndexOf(c, i + 1);
                if (end < 0 || (c == '"' && text.AsSpan(i, end - i).ContainsAny(ExpandedInQuotes)))
                    return null;
                (word ??= new()).Append(text, i + 1, end - i - 1);
                i = end;
            }
            else if (c is ' ' or '\t')
            {
                End(ref word, words);
            }
            else if (text.AsSpan(i).StartsWith("&&") && (word is not null || words.Count > 0))
            {
                End(ref word, words);
                isLast = false;
                text = text[(i + 2)..].TrimStart(' ', '\t', '\n');
                return words;
            }
            else if (Expanded.Contains(c) || (word is null && c is '~' or '#') || (c == '~' && word?[^1] is '=' or ':'))
            {
                return null;
            }
            else
            {
                (word ??= new()).Append(c);
            }
        }

        End(ref word, words);
        text = "";
        return words;
    }

    static void End(ref StringBuilder? word, List<string> words)
    {
        if (word is not null)
            words.Add(word.ToString());
        word = null;
    }
}
