using System.Collections.Immutable;
using System.Text;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A line as words, as a shell splits it: blanks, '…', "…" and \. Nothing is expanded.</summary>
public static class CommandWords
{
    /// <exception cref="DecantException">A quote is open at the end.</exception>
    public static ImmutableArray<string> Split(string line)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char character = line[i];
            if (quote == '\0' && character is ' ' or '\t' or '\n')
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            if (character == quote)
                quote = '\0';
            else if (quote == '\0' && character is '\'' or '"')
                quote = character;
            else if (character == '\\' && quote != '\'' && i + 1 < line.Length && (quote == '\0' || line[i + 1] is '"' or '\\'))
                word.Append(line[++i]);
            else
                word.Append(character);
        }

        if (quote != '\0')
            throw new DecantException($"{PathBytes.Printable(line)}: the quote {quote} is never closed");
        if (word is not null)
            words.Add(word.ToString());
        return words.ToImmutable();
    }
}
