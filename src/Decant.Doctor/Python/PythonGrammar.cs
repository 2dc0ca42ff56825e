using System.Buffers;
using System.Text;

namespace Decant.Doctor;

/// <summary>
/// As much of Python's grammar as a line's tokens and its indentation tell (The Python Language Reference, 10: Full Grammar specification). What it calls a fault no version from
/// 3.8 on takes; much else that none takes it lets pass.
/// </summary>
ref struct PythonGrammar(PythonLine line)
{
    /// <summary>The first version that it holds for, the N of 3.N.</summary>
    public const int OldestMinor = 8;

    readonly PythonLine line = line;

    /// <summary>From the outermost; with what opened the block, and the last statement of it.</summary>
    readonly List<Level> levels = [new Level(0, 0, "")];

    /// <summary>The header that the line before has ended with; null where it was none.</summary>
    string? header;

    int headerLine;

    static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
        "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    };

    /// <summary>Keywords only where they begin a statement.</summary>
    static readonly HashSet<string> SoftKeywords = new(StringComparer.Ordinal) { "match", "case", "type" };

    /// <summary>What may stand before each.</summary>
    static readonly Dictionary<string, string[]> Before = new(StringComparer.Ordinal)
    {
        ["elif"] = ["if", "elif"],
        ["else"] = ["if", "elif", "for", "while", "except"],
        ["except"] = ["try", "except"],
        ["finally"] = ["try", "except", "else"],
    };

    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789._"u8);

    /// <summary>Takes the next logical line; null where nothing is wrong with it.</summary>
    public PythonFault? Line(int indent, int narrow)
    {
        int at = line.Tokens[0].Line;
        if (Indent(at, indent, narrow) is { } wrong)
            return wrong;
        int start = line.Is(0, "async"u8) ? 1 : 0;
        string word = start < line.Tokens.Count && line.Tokens[start].Kind == PythonTokenKind.Name ? Text(start) : "";
        bool opens = word is "if" or "elif" or "else" or "for" or "while" or "try" or "except" or "finally" or "with" or "def" or "class";
        Level level = levels[^1];
        if (Before.TryGetValue(word, out string[]? before) && !before.Contains(level.Last))
            return PythonFault.Syntax(at, $"'{word}' follows nothing that it belongs to");
        if (level.Last == "try" && word is not ("except" or "finally"))
            return PythonFault.Syntax(at, "a 'try' has neither 'except' nor 'finally'");
        int colon = opens ? line.Colon(start) : -1;
        if (opens && colon < 0)
            return PythonFault.Syntax(at, $"'{word}' has no ':'");
        if (opens && Header(word, start, colon) is { } what)
            return PythonFault.Syntax(at, what);
        // Soft keywords open blocks too, where they are none of the names that they may be.
        bool mayOpen = word is "match" or "case" && line.IsSign(line.Tokens.Count - 1, ':');
        // Behind an else, only that of a try is followed by something of its own.
        levels[^1] = level with { Last = !opens || (word == "else" && level.Last != "except") ? "" : word };
        header = (opens && colon == line.Tokens.Count - 1) || mayOpen ? word : null;
        headerLine = at;
        return Neighbours(opens ? colon + 1 : 0) is { } neighbours ? PythonFault.Syntax(neighbours.Line, neighbours.What) : null;
    }

    /// <summary>Behind the last line.</summary>
    public readonly PythonFault? End()
    {
        if (header is not null)
            return PythonFault.Indentation(headerLine, $"nothing is indented below '{header}'");
        foreach (Level level in levels)
        {
            if (level.Last == "try")
                return PythonFault.Syntax(headerLine, "a 'try' has neither 'except' nor 'finally'");
        }

        return null;
    }

    /// <summary>INDENT and DEDENT of Parser/tokenizer.c.</summary>
    PythonFault? Indent(int at, int indent, int narrow)
    {
        Level top = levels[^1];
        if (indent == top.Indent)
        {
            if (narrow != top.Narrow)
                return new PythonFault(at, "TabError", "tabs and blanks are mixed");
            return header is null ? null : PythonFault.Indentation(at, $"nothing is indented below '{header}'");
        }

        if (indent > top.Indent)
        {
            if (narrow <= top.Narrow)
                return new PythonFault(at, "TabError", "tabs and blanks are mixed");
            if (header is null)
                return PythonFault.Indentation(at, "it is indented below nothing");
            levels.Add(new Level(indent, narrow, ""));
            return null;
        }

        if (header is not null)
            return PythonFault.Indentation(at, $"nothing is indented below '{header}'");
        while (levels[^1].Indent > indent)
        {
            if (levels[^1].Last == "try")
                return PythonFault.Syntax(at, "a 'try' has neither 'except' nor 'finally'");
            levels.RemoveAt(levels.Count - 1);
        }

        if (levels[^1].Indent != indent)
            return PythonFault.Indentation(at, "it is indented as no line above it");
        return levels[^1].Narrow == narrow ? null : new PythonFault(at, "TabError", "tabs and blanks are mixed");
    }

    /// <summary>What is wrong with a compound statement's header; null for nothing that is seen.</summary>
    readonly string? Header(string word, int start, int colon)
    {
        if (word is "else" or "try" or "finally")
            return colon == start + 1 ? null : $"'{word}' is not followed by ':'";
        if (word is "if" or "elif" or "while" or "for" or "with" && colon == start + 1)
            return $"'{word}' has nothing before its ':'";
        if (word is not ("def" or "class"))
            return null;
        if (!IsName(start + 1))
            return $"'{word}' has no name";
        bool isFollowed = line.IsSign(start + 2, '(') || line.IsSign(start + 2, '[') || (word == "class" && colon == start + 2);
        return isFollowed ? null : $"'{word}' is not followed by {(word == "def" ? "'('" : "'(' or ':'")}";
    }

    /// <summary>Tokens that never stand beside each other.</summary>
    /// <param name="body">Where statements begin behind a header.</param>
    readonly (int Line, string What)? Neighbours(int body)
    {
        bool begins = true;
        for (int i = 0; i < line.Tokens.Count; i++)
        {
            bool isFirst = begins || i == body;
            // Also behind the colon of a case.
            begins = line.Tokens[i].Depth == 0 && (line.IsSign(i, ';') || line.IsSign(i, ':'));
            bool isLast = i + 1 == line.Tokens.Count || line.IsSign(i + 1, ';');
            if (line.Is(i, "import"u8) && isLast)
                return (line.Tokens[i].Line, "'import' names nothing");
            if (isLast && IsOperator(i) && !(line.IsSign(i, '*') && line.Is(i - 1, "import"u8)))
                return (line.Tokens[i].Line, $"nothing follows '{Text(i)}'");
            if (i + 1 == line.Tokens.Count)
                break;
            bool isSoft = isFirst && IsSoftKeyword(i);
            if (!isSoft && EndsOperand(i) && BeginsOperand(i + 1) && !AreTexts(i))
                return (line.Tokens[i + 1].Line, $"'{Shown(i + 1)}' follows '{Shown(i)}'");
            if (line.IsSign(i + 1, ',') && (line.IsSign(i, ',') || line.IsSign(i, '(') || line.IsSign(i, '[') || line.IsSign(i, '{')))
                return (line.Tokens[i].Line, $"',' follows '{Text(i)}'");
            if (IsCloser(i + 1) && IsOperator(i) && !line.IsSign(i, '*') && !line.IsSign(i, '/'))
                return (line.Tokens[i].Line, $"'{Text(i + 1)}' follows '{Text(i)}'");
        }

        return null;
    }

    readonly bool AreTexts(int at) => line.Tokens[at].Kind == PythonTokenKind.Text && line.Tokens[at + 1].Kind == PythonTokenKind.Text;

    readonly bool IsName(int at) => at < line.Tokens.Count && line.Tokens[at].Kind == PythonTokenKind.Name && !Keywords.Contains(Text(at));

    readonly bool IsSoftKeyword(int at) => line.Tokens[at].Kind == PythonTokenKind.Name && SoftKeywords.Contains(Text(at));

    /// <summary>A number with letters may end in a keyword: "1if x else 2".</summary>
    readonly bool EndsOperand(int at) =>
        line.Tokens[at].Kind == PythonTokenKind.Text || IsCloser(at) || IsName(at) || (line.Tokens[at].Kind == PythonTokenKind.Number && !line.Word(at).ContainsAnyExcept(Digits));

    readonly bool BeginsOperand(int at) => line.Tokens[at].Kind is PythonTokenKind.Text or PythonTokenKind.Number || IsName(at);

    readonly bool IsCloser(int at) => line.IsSign(at, ')') || line.IsSign(at, ']') || line.IsSign(at, '}');

    /// <summary>What an operand must follow.</summary>
    readonly bool IsOperator(int at) =>
        line.Tokens[at] is { Kind: PythonTokenKind.Sign, Length: 1 } && "+-*/%@&|^=<>~"u8.Contains(line.Word(at)[0]);

    readonly string Text(int at) => Encoding.UTF8.GetString(line.Word(at));

    /// <summary>Not the whole of a long string.</summary>
    readonly string Shown(int at)
    {
        const int most = 20;
        string text = Decant.Linux.PathBytes.Printable(Text(at));
        return text.Length > most ? text[..most] + "..." : text;
    }

    /// <param name="Indent">With tabs of 8.</param>
    /// <param name="Narrow">With tabs of 1.</param>
    /// <param name="Last">The compound statement that came last; empty for another.</param>
    readonly record struct Level(int Indent, int Narrow, string Last);
}
