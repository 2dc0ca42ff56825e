namespace Decant.Doctor;

/// <summary>
/// Python source as logical lines of tokens (The Python Language Reference, 2: Lexical analysis). It goes through anything to its end,
/// and says when what it met is no Python.
/// </summary>
ref struct PythonTokens
{
    /// <summary>Strings in fields of f-strings nest (PEP 701); beyond this depth it is an attack, not a program.</summary>
    const int MostNested = 40;

    const byte FormFeed = 0x0C;

    readonly ReadOnlySpan<byte> source;
    readonly List<PythonToken> tokens;
    int at;
    int line = 1;
    int depth;

    /// <summary>The brackets that are open, up to as many as Python allows (MAXLEVEL).</summary>
    readonly byte[] open = new byte[200];

    readonly int[] openedAt = new int[200];

    /// <param name="tokens">Filled anew by each <see cref="Next"/>.</param>
    public PythonTokens(ReadOnlySpan<byte> source, List<PythonToken> tokens)
    {
        this.source = source;
        this.tokens = tokens;
        if (source.StartsWith("\uFEFF"u8))
            at = 3;
    }

    /// <summary>A string or bracket is not closed, or there are bytes that Python does not allow.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The first thing that no Python has; null while there is none, and for what fields of f-strings hold, whose rules have changed.</summary>
    public PythonFault? Fault { get; private set; }

    /// <summary>Columns before the line's first token, a tab going to the next multiple of 8.</summary>
    public int Indent { get; private set; }

    /// <summary>The same with a tab as wide as a blank: where the two disagree on what is deeper, Python refuses (TabError).</summary>
    public int NarrowIndent { get; private set; }

    /// <summary>Goes on to the next logical line that is not empty; false at the end.</summary>
    public bool Next()
    {
        tokens.Clear();
        depth = 0;
        Indent = NarrowIndent = 0;
        bool inIndent = true;
        while (at < source.Length)
        {
            byte c = source[at];
            if (c is (byte)'\n' or (byte)'\r')
            {
                NewLine();
                if (depth > 0)
                    continue;
                if (tokens.Count > 0)
                    return true;
                Indent = NarrowIndent = 0;
                inIndent = true;
            }
            else if (c is (byte)' ' or (byte)'\t' or FormFeed)
            {
                if (inIndent && tokens.Count == 0)
                {
                    Indent = c switch { (byte)' ' => Indent + 1, (byte)'\t' => (Indent / 8 * 8) + 8, _ => 0 };
                    NarrowIndent = c == FormFeed ? 0 : NarrowIndent + 1;
                }

                at++;
            }
            else if (c == '#')
            {
                SkipComment();
            }
            else if (c == '\\' && at + 1 < source.Length && source[at + 1] is (byte)'\n' or (byte)'\r')
            {
                at++;
                NewLine();
                inIndent = false;
            }
            else
            {
                Token(c);
            }
        }

        if (depth > 0)
            Note(openedAt[Math.Min(depth, open.Length) - 1], $"'{(char)open[Math.Min(depth, open.Length) - 1]}' is never closed");
        return tokens.Count > 0;
    }

    void NewLine()
    {
        at += source[at] == '\r' && at + 1 < source.Length && source[at + 1] == '\n' ? 2 : 1;
        line++;
    }

    void SkipComment()
    {
        int end = source[at..].IndexOfAny((byte)'\n', (byte)'\r');
        at = end < 0 ? source.Length : at + end;
    }

    void Token(byte c)
    {
        int start = at;
        int first = line;
        if (IsNameStart(c))
        {
            while (at < source.Length && IsNamePart(source[at]))
                at++;
            if (at < source.Length && source[at] is (byte)'"' or (byte)'\'' && IsPrefix(source[start..at]))
            {
                Text(source[start..at], 0);
                tokens.Add(new PythonToken(PythonTokenKind.Text, start, at - start, depth, first));
                return;
            }

            tokens.Add(new PythonToken(PythonTokenKind.Name, start, at - start, depth, first));
        }
        else if (c is (byte)'"' or (byte)'\'')
        {
            Text([], 0);
            tokens.Add(new PythonToken(PythonTokenKind.Text, start, at - start, depth, first));
        }
        else if (c is >= (byte)'0' and <= (byte)'9')
        {
            while (at < source.Length && (IsNamePart(source[at]) || source[at] == '.'))
                at++;
            tokens.Add(new PythonToken(PythonTokenKind.Number, start, at - start, depth, first));
        }
        else
        {
            Sign(c);
        }
    }

    void Sign(byte c)
    {
        if (c is (byte)')' or (byte)']' or (byte)'}')
        {
            if (depth == 0)
                Note(line, $"'{(char)c}' closes nothing");
            else if (depth <= open.Length && open[depth - 1] != (c == ')' ? '(' : c == ']' ? '[' : '{'))
                Note(line, $"'{(char)c}' does not close '{(char)open[depth - 1]}' of line {openedAt[depth - 1]}");
            depth = Math.Max(depth - 1, 0);
        }

        // Neither begins anything in Python; nor do control characters.
        if (c is (byte)'$' or (byte)'?' or (byte)'`' or (byte)'\\' or < 32 or 127 || (c == '!' && !(at + 1 < source.Length && source[at + 1] == '=')))
            Note(line, c is < 32 or 127 ? $"the byte 0x{c:x2} stands for nothing" : $"'{(char)c}' stands for nothing");
        int length = c == ':' && at + 1 < source.Length && source[at + 1] == '=' ? 2 : 1;
        tokens.Add(new PythonToken(PythonTokenKind.Sign, at, length, depth, line));
        at += length;
        if (c is (byte)'(' or (byte)'[' or (byte)'{')
        {
            if (depth < open.Length)
                (open[depth], openedAt[depth]) = (c, line);
            depth++;
        }
    }

    void Note(int at, string what)
    {
        // Behind what was not understood, brackets and quotes may mean anything.
        if (!IsDamaged)
            Fault = PythonFault.Syntax(at, what);
        IsDamaged = true;
    }

    /// <summary>Skips a string from its opening quote on.</summary>
    void Text(ReadOnlySpan<byte> prefix, int nested)
    {
        bool hasFields = prefix.ContainsAny("fFtT"u8);
        byte quote = source[at];
        bool isTriple = at + 2 < source.Length && source[at + 1] == quote && source[at + 2] == quote;
        int first = line;
        at += isTriple ? 3 : 1;
        while (at < source.Length)
        {
            byte c = source[at];
            if (c == '\\')
            {
                // Also in a raw string a quote behind a backslash does not end it; but nowhere does it take a brace's meaning away.
                at++;
                if (hasFields && at + 1 < source.Length && source[at] == 'N' && source[at + 1] == '{' && !prefix.ContainsAny("rR"u8))
                    at += 2;
                else if (!hasFields || at == source.Length || source[at] != '{')
                    SkipOne();
            }
            else if (c == quote && (!isTriple || (at + 2 < source.Length && source[at + 1] == quote && source[at + 2] == quote)))
            {
                at += isTriple ? 3 : 1;
                return;
            }
            else if (c is (byte)'\n' or (byte)'\r')
            {
                if (!isTriple)
                    break;
                NewLine();
            }
            else if (c == '{' && hasFields)
            {
                at++;
                if (at < source.Length && source[at] == '{')
                    at++;
                else
                    Field(nested + 1);
            }
            else
            {
                at++;
            }
        }

        if (nested == 0 && !hasFields)
            Note(first, "a string is not closed");
        IsDamaged = true;
    }

    /// <summary>Skips the field of an f-string, from behind its brace to behind the closing one.</summary>
    void Field(int nested)
    {
        int brackets = 0;
        while (at < source.Length && nested < MostNested)
        {
            byte c = source[at];
            if (c == '}' && brackets == 0)
            {
                at++;
                return;
            }

            if (c == ':' && brackets == 0)
            {
                at++;
                Format(nested);
                return;
            }

            if (c is (byte)'"' or (byte)'\'')
            {
                int start = at;
                while (start > 0 && at - start < 2 && IsNameStart(source[start - 1]))
                    start--;
                Text(IsPrefix(source[start..at]) ? source[start..at] : [], nested);
                continue;
            }

            if (c == '#')
            {
                SkipComment();
                continue;
            }

            brackets += c is (byte)'(' or (byte)'[' or (byte)'{' ? 1 : c is (byte)')' or (byte)']' or (byte)'}' ? -1 : 0;
            SkipOne();
        }

        IsDamaged = true;
    }

    /// <summary>Skips what stands behind the colon of a field, which may hold fields itself.</summary>
    void Format(int nested)
    {
        while (at < source.Length)
        {
            byte c = source[at];
            SkipOne();
            if (c == '}')
                return;
            if (c == '{')
                Field(nested + 1);
            if (nested >= MostNested)
                break;
        }

        IsDamaged = true;
    }

    void SkipOne()
    {
        if (at >= source.Length)
            return;
        if (source[at] is (byte)'\n' or (byte)'\r')
            NewLine();
        else
            at++;
    }

    static bool IsPrefix(ReadOnlySpan<byte> name)
    {
        foreach (byte c in name)
        {
            if (!"rRbBuUfFtT"u8.Contains(c))
                return false;
        }

        return name.Length is 1 or 2;
    }

    static bool IsNameStart(byte c) => char.IsAsciiLetter((char)c) || c == '_' || c >= 0x80;

    static bool IsNamePart(byte c) => IsNameStart(c) || c is >= (byte)'0' and <= (byte)'9';
}
