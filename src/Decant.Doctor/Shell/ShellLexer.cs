using System.Buffers;

namespace Decant.Doctor;

/// <summary>Divides the text of a shell into tokens (XCU 2.3); those of bash too where it is for bash.</summary>
sealed partial class ShellLexer(string text, bool isBash)
{
    /// <summary>Of expansions in each other; beyond it nobody writes them.</summary>
    const int MostDepth = 40;

    static readonly SearchValues<char> ends = SearchValues.Create(" \t\n|&;<>()");

    static readonly string[] operators = ["\n", "&&", "||", ";;", "<<", ">>", "<&", ">&", "<>", ">|", "|", "&", ";", "<", ">", "(", ")"];

    static readonly string[] bashOperators = ["&>>", "&>", "|&", ";;&", ";&", "<<<", "<<-"];

    readonly List<(string Delimiter, bool Stripped)> documents = [];
    int at;
    int line = 1;
    int within;
    string awaited = "";

    /// <exception cref="ShellSyntaxException">A quote or an expansion does not end.</exception>
    public ShellToken Next()
    {
        SkipBlanks();
        int begun = line;
        if (at >= text.Length)
            return new ShellToken(ShellTokenKind.End, "", null, begun);
        if (Operator() is { } found)
        {
            at += found.Length;
            if (found == "\n")
            {
                line++;
                SkipDocuments();
            }

            awaited = found is "<<" or "<<-" ? found : "";
            return new ShellToken(ShellTokenKind.Operator, found, null, begun);
        }

        if (Digits() is { } digits)
            return new ShellToken(ShellTokenKind.Descriptor, digits, null, begun);
        ShellTerm word = Word();
        if (awaited.Length > 0)
            documents.Add((string.Concat(word.Parts.Select(part => part.Text)), awaited == "<<-"));
        awaited = "";
        return new ShellToken(ShellTokenKind.Word, "", word, begun);
    }

    /// <summary>Whether the next character is this one, no blank before it.</summary>
    public bool IsNext(char c) => at < text.Length && text[at] == c;

    /// <summary>Passes over what stands between parentheses, the first of which has been read.</summary>
    public void SkipParentheses() => Nested();

    void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
            }
            else if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
            {
                at += 2;
                line++;
            }
            else if (text[at] == '#')
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    string? Operator()
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        // "<(" and ">(" of bash are words.
        if (isBash && (rest.StartsWith("<(") || rest.StartsWith(">(")))
            return null;
        foreach (string one in isBash ? bashOperators : ["<<-"])
        {
            if (rest.StartsWith(one))
                return one;
        }

        foreach (string one in operators)
        {
            if (rest.StartsWith(one))
                return one;
        }

        return null;
    }

    string? Digits()
    {
        int end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end == at || end >= text.Length || text[end] is not ('<' or '>'))
            return null;
        string digits = text[at..end];
        at = end;
        return digits;
    }

    /// <summary>The bodies of the documents that the line before has announced (XCU 2.7.4).</summary>
    void SkipDocuments()
    {
        foreach ((string delimiter, bool stripped) in documents)
        {
            while (at < text.Length)
            {
                int end = text.IndexOf('\n', at);
                string one = text[at..(end < 0 ? text.Length : end)];
                at = end < 0 ? text.Length : end + 1;
                line++;
                if ((stripped ? one.TrimStart('\t') : one) == delimiter)
                    break;
            }
        }

        documents.Clear();
    }

    ShellSyntaxException Error(string message) => new(message, line);
}
