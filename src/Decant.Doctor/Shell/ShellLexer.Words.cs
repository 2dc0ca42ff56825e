using System.Text;

namespace Decant.Doctor;

/// <summary>Words, with what is quoted and what is to be expanded in them.</summary>
sealed partial class ShellLexer
{
    static readonly string[] parameterOperators = [":-", ":=", ":?", ":+", "##", "%%", "-", "=", "?", "+", "#", "%", ":"];

    ShellTerm Word()
    {
        int begun = line;
        WordBuilder word = new();
        while (at < text.Length && !ends.Contains(text[at]))
            Piece(word);
        // Processes as files.
        if (word.IsEmpty && at < text.Length && text[at] is '<' or '>')
        {
            at += 2;
            Nested();
            word.Add(new ShellPart(ShellPartKind.Other, "", true));
            while (at < text.Length && !ends.Contains(text[at]))
                Piece(word);
        }

        return word.ToTerm(begun);
    }

    /// <summary>One character or one thing that is quoted or expanded.</summary>
    void Piece(WordBuilder word)
    {
        char c = text[at];
        switch (c)
        {
            case '\0':
                throw Error("a byte that no text has");
            case '\'':
                word.Add(Until('\''), quoted: true);
                break;
            case '"':
                at++;
                // Nothing between quotes is a field all the same; "$@" may be none.
                if (IsNext('"'))
                    word.Add("", quoted: true);
                Double(word);
                break;
            case '\\' when at + 1 < text.Length && text[at + 1] == '\n':
                at += 2;
                line++;
                break;
            case '\\' when at + 1 < text.Length:
                word.Add(text.Substring(at + 1, 1), quoted: true);
                at += 2;
                break;
            case '$' when isBash && at + 1 < text.Length && text[at + 1] == '\'':
                at++;
                Escaped();
                word.Add(new ShellPart(ShellPartKind.Other, "", true));
                break;
            case '$' when isBash && at + 1 < text.Length && text[at + 1] == '"':
                at++;
                break;
            case '$' or '`':
                Expansion(word, quoted: false);
                break;
            default:
                word.Add(text.Substring(at, 1), quoted: false);
                at++;
                break;
        }
    }

    /// <summary>Behind the quote that opens it.</summary>
    void Double(WordBuilder word)
    {
        while (true)
        {
            if (at >= text.Length)
                throw Error("a quote that does not end");
            char c = text[at];
            if (c == '"')
            {
                at++;
                return;
            }

            if (c == '\0')
                throw Error("a byte that no text has");
            if (c is '$' or '`')
            {
                Expansion(word, quoted: true);
                continue;
            }

            if (c == '\\' && at + 1 < text.Length && text[at + 1] is '$' or '`' or '"' or '\\' or '\n')
            {
                if (text[at + 1] == '\n')
                    line++;
                else
                    word.Add(text.Substring(at + 1, 1), quoted: true);
                at += 2;
                continue;
            }

            if (c == '\n')
                line++;
            word.Add(text.Substring(at, 1), quoted: true);
            at++;
        }
    }

    /// <summary>What stands from the character here to the next of its kind.</summary>
    string Until(char quote)
    {
        int end = text.IndexOf(quote, at + 1);
        if (end < 0)
            throw Error("a quote that does not end");
        string inner = text[(at + 1)..end];
        line += inner.AsSpan().Count('\n');
        at = end + 1;
        return inner.Contains('\0') ? throw Error("a byte that no text has") : inner;
    }

    /// <summary>Bash's $'...', whose backslashes may hide a quote.</summary>
    void Escaped()
    {
        for (at++; at < text.Length && text[at] != '\''; at++)
        {
            if (text[at] == '\\')
                at++;
            if (at < text.Length && text[at] == '\n')
                line++;
        }

        if (at >= text.Length)
            throw Error("a quote that does not end");
        at++;
    }

    /// <summary>At "$" or a backquote.</summary>
    void Expansion(WordBuilder word, bool quoted)
    {
        if (text[at] == '`')
        {
            int begun = at;
            for (at++; at < text.Length && text[at] != '`'; at++)
            {
                if (text[at] == '\\')
                    at++;
                if (at < text.Length && text[at] == '\n')
                    line++;
            }

            if (at >= text.Length)
                throw Error("a backquote that does not end");
            string inner = text[(begun + 1)..at];
            at++;
            word.Add(inner.Contains('\\') ? new ShellPart(ShellPartKind.Other, "", quoted) : new ShellPart(ShellPartKind.Command, inner, quoted));
            return;
        }

        at++;
        char next = at < text.Length ? text[at] : ' ';
        if (next == '(')
        {
            bool isArithmetic = at + 1 < text.Length && text[at + 1] == '(';
            at++;
            string inner = Nested();
            word.Add(new ShellPart(isArithmetic ? ShellPartKind.Other : ShellPartKind.Command, inner, quoted));
        }
        else if (next == '{')
        {
            at++;
            word.Add(Braced(quoted));
        }
        else if (next == '[' && isBash)
        {
            throw Error("arithmetic of an old kind");
        }
        else if (char.IsAsciiLetter(next) || next == '_')
        {
            int begun = at;
            while (at < text.Length && IsNamePart(text[at]))
                at++;
            word.Add(new ShellPart(ShellPartKind.Parameter, text[begun..at], quoted));
        }
        else if (char.IsAsciiDigit(next) || "@*#?-$!".Contains(next))
        {
            at++;
            word.Add(new ShellPart(ShellPartKind.Parameter, next.ToString(), quoted));
        }
        else
        {
            word.Add("$", quoted);
        }
    }

    /// <summary>The text up to the parenthesis that closes the one before it.</summary>
    string Nested()
    {
        Enter();
        int begun = at;
        int open = 1;
        while (at < text.Length)
        {
            char c = text[at];
            switch (c)
            {
                case '\'':
                    Until('\'');
                    continue;
                case '"':
                    at++;
                    Double(new WordBuilder());
                    continue;
                case '\\':
                    at++;
                    break;
                case '\n':
                    line++;
                    break;
                case '(':
                    open++;
                    break;
                case ')' when --open == 0:
                    string inner = text[begun..at];
                    at++;
                    within--;
                    // Its patterns have parentheses of their own, and documents and comments may have any.
                    return inner.Contains("case ", StringComparison.Ordinal) || inner.Contains("<<", StringComparison.Ordinal) || inner.Contains(" #", StringComparison.Ordinal) || inner.Contains("\n#", StringComparison.Ordinal) ? throw Error("a substitution of more than is understood here") : inner;
                default:
                    break;
            }

            at++;
        }

        throw Error("a parenthesis that is not closed");
    }

    /// <summary>Behind "${".</summary>
    ShellPart Braced(bool quoted)
    {
        Enter();
        ShellPart part = Parameter(quoted);
        at++;
        within--;
        return part;
    }

    /// <summary>Up to the brace that ends it.</summary>
    ShellPart Parameter(bool quoted)
    {
        bool isLength = IsNext('#') && at + 1 < text.Length && text[at + 1] != '}' && (IsNamePart(text[at + 1]) || text[at + 1] is '@' or '*');
        if (isLength)
            at++;
        int begun = at;
        if (at < text.Length && "@*#?-$!".Contains(text[at]))
            at++;
        else if (at < text.Length && char.IsAsciiDigit(text[at]))
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
        else
            while (at < text.Length && IsNamePart(text[at]))
                at++;
        string name = text[begun..at];
        if (name.Length > 0 && IsNext('}'))
            return new ShellPart(ShellPartKind.Parameter, name, quoted) { Operator = isLength ? "length" : "" };
        string? found = isLength || name is "" or "!" ? null : Array.Find(parameterOperators, one => text.AsSpan(at).StartsWith(one) && (isBash || one != ":"));
        at += found?.Length ?? 0;
        ShellTerm operand = Operand(quoted);
        return found is null ? new ShellPart(ShellPartKind.Other, "", quoted) : new ShellPart(ShellPartKind.Parameter, name, quoted) { Operator = found, Operand = operand };
    }

    ShellTerm Operand(bool quoted)
    {
        int begun = line;
        WordBuilder word = new();
        while (!IsNext('}'))
        {
            if (at >= text.Length)
                throw Error("a brace that is not closed");
            if (text[at] == '\n')
                line++;
            // Between double quotes the single ones mean nothing.
            if (quoted && text[at] == '\'')
            {
                word.Add("'", quoted: true);
                at++;
            }
            else
            {
                Piece(word);
            }
        }

        return word.ToTerm(begun);
    }

    void Enter()
    {
        if (++within > MostDepth)
            throw Error("too much within each other");
    }

    static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>A word as it grows.</summary>
    sealed class WordBuilder
    {
        readonly List<ShellPart> parts = [];
        readonly StringBuilder literal = new();
        bool isQuoted;
        bool isOpen;

        public bool IsEmpty => parts.Count == 0 && !isOpen;

        public void Add(string characters, bool quoted)
        {
            if (isOpen && isQuoted != quoted)
                Close();
            isOpen = true;
            isQuoted = quoted;
            literal.Append(characters);
        }

        public void Add(ShellPart part)
        {
            Close();
            parts.Add(part);
        }

        public ShellTerm ToTerm(int line)
        {
            Close();
            return new ShellTerm(parts, line);
        }

        void Close()
        {
            if (isOpen)
                parts.Add(new ShellPart(ShellPartKind.Literal, literal.ToString(), isQuoted));
            isOpen = false;
            literal.Clear();
        }
    }
}
