using System.Text;
using Decant.Launch;

namespace Decant.Doctor;

/// <summary>The words that env -S makes of a string (env(1) of GNU coreutils, "-S/--split-string usage in scripts").</summary>
static class EnvSplit
{
    /// <summary>Null for what env refuses.</summary>
    /// <param name="environment">For ${NAME}; before env has changed anything.</param>
    public static List<string>? Words(string text, LaunchEnvironment environment)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && quote != '\'')
            {
                if (++i == text.Length)
                    return null;
                switch (text[i])
                {
                    case 'c':
                        return quote == '"' ? null : End(words, word);
                    case '_' when quote != '"':
                        End(words, word);
                        word = null;
                        continue;
                    default:
                        if (Escaped(text[i]) is not { } escaped)
                            return null;
                        (word ??= new()).Append(escaped);
                        continue;
                }
            }

            if (c == '\\' && i + 1 < text.Length && text[i + 1] is '\\' or '\'')
            {
                (word ??= new()).Append(text[++i]);
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '\'' or '"')
            {
                quote = c;
                word ??= new();
            }
            else if (quote == '\0' && c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r')
            {
                End(words, word);
                word = null;
            }
            else if (quote == '\0' && c == '#' && word is null)
            {
                return words;
            }
            else if (c == '$' && quote != '\'')
            {
                int end = text.IndexOf('}', i);
                if (end < 0 || text[i + 1] != '{')
                    return null;
                // What is not set makes no word by itself.
                if (environment[text[(i + 2)..end]] is { } value)
                    (word ??= new()).Append(value);
                i = end;
            }
            else
            {
                (word ??= new()).Append(c);
            }
        }

        return quote == '\0' ? End(words, word) : null;
    }

    static List<string> End(List<string> words, StringBuilder? word)
    {
        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    static char? Escaped(char c) => c switch
    {
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        '_' => ' ',
        '"' or '#' or '$' or '\'' or '\\' => c,
        _ => null,
    };
}
