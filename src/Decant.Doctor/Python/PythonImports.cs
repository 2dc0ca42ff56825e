using System.Text;

namespace Decant.Doctor;

/// <summary>
/// Finds the imports in Python source, and under which conditions each is met (The Python Language Reference, 7.11 and 8). It reads no
/// more of the grammar than blocks and statements.
/// </summary>
ref partial struct PythonImports
{
    readonly ReadOnlySpan<byte> source;
    readonly List<PythonToken> tokens = [];
    readonly PythonLine line;
    PythonGrammar grammar;
    readonly List<(PythonImport Import, PythonBlock? Block)> found = [];
    PythonBlock? block;

    /// <summary>The block that the current line has ended last, of those as deep as itself.</summary>
    PythonBlock? closed;

    bool isDamaged;
    bool hasCode;
    PythonFault? fault;

    /// <summary>The module has ended itself: what stands below is not reached.</summary>
    bool isOver;

    int changesPath;
    int mayChangePath;

    PythonImports(ReadOnlySpan<byte> source)
    {
        this.source = source;
        line = new PythonLine(source, tokens);
        grammar = new PythonGrammar(line);
    }

    public static PythonSource Read(byte[] source)
    {
        PythonImports imports = new(source);
        imports.ReadLines();
        List<PythonImport> list = [];
        foreach ((PythonImport import, PythonBlock? block) in imports.found)
        {
            PythonReach reach = block?.Reach() ?? PythonReach.Always;
            list.Add(reach > import.Reach ? import with { Reach = reach } : import);
        }

        return new PythonSource(source, list)
        {
            IsDamaged = imports.isDamaged || imports.fault is not null,
            Fault = imports.fault,
            HasCode = imports.hasCode,
            ChangesPathAt = imports.changesPath,
            MayChangePathAt = imports.mayChangePath,
        };
    }

    void ReadLines()
    {
        fault = PythonEncoding.Examine(source, out bool isKnown);
        PythonTokens lines = new(source, tokens);
        while (lines.Next())
        {
            closed = null;
            if (isKnown && fault is null && !lines.IsDamaged)
                fault = grammar.Line(lines.Indent, lines.NarrowIndent);
            while (block is not null && lines.Indent <= block.Indent)
            {
                Close(block);
                closed = lines.Indent == block.Indent ? block : closed;
                block = block.Outer;
            }

            isDamaged |= block is null && lines.Indent > 0;
            hasCode |= tokens.Exists(token => token.Kind != PythonTokenKind.Text);
            Statement(lines.Indent);
            NotePathChanges();
        }

        for (; block is not null; block = block.Outer)
            Close(block);
        isDamaged |= lines.IsDamaged;
        if (isKnown)
            fault ??= lines.IsDamaged ? lines.Fault : grammar.End();
    }

    static void Close(PythonBlock ended)
    {
        if (ended.IsCatching && !ended.Raises)
            ended.Try!.Catching++;
    }

    /// <summary>A logical line: a compound statement's header with what may follow it, or simple statements.</summary>
    void Statement(int indent)
    {
        int start = Is(0, "async"u8) ? 1 : 0;
        int colon = IsHeader(start) ? line.Colon(start) : -1;
        if (colon < 0)
        {
            Simple(0);
            return;
        }

        block = Open(start, colon, indent);
        Simple(colon + 1);
    }

    bool IsHeader(int at)
    {
        if (at >= tokens.Count || tokens[at].Kind != PythonTokenKind.Name)
            return false;
        ReadOnlySpan<byte> word = Word(at);
        bool isSoft = word.SequenceEqual("match"u8) || word.SequenceEqual("case"u8);
        if (isSoft)
            return at + 1 < tokens.Count && !IsSign(at + 1, '=') && !IsSign(at + 1, '.') && !IsSign(at + 1, ':') && !IsSign(at + 1, ',');
        return word.SequenceEqual("if"u8) || word.SequenceEqual("elif"u8) || word.SequenceEqual("else"u8) || word.SequenceEqual("for"u8)
            || word.SequenceEqual("while"u8) || word.SequenceEqual("try"u8) || word.SequenceEqual("except"u8) || word.SequenceEqual("finally"u8)
            || word.SequenceEqual("with"u8) || word.SequenceEqual("def"u8) || word.SequenceEqual("class"u8);
    }

    PythonBlock Open(int start, int colon, int indent)
    {
        if (Is(start, "def"u8))
            return new PythonBlock(PythonBlockKind.Function, indent, block);
        if (Is(start, "class"u8))
            return new PythonBlock(PythonBlockKind.Class, indent, block);
        if (Is(start, "try"u8))
            return new PythonBlock(PythonBlockKind.Try, indent, block);

        PythonBlock? owner = closed is { Kind: PythonBlockKind.Try } ? closed : closed?.Try;
        if (Is(start, "finally"u8))
            return new PythonBlock(PythonBlockKind.Unconditional, indent, block) { Try = owner };
        if (Is(start, "except"u8))
            return new PythonBlock(PythonBlockKind.Branch, indent, block) { Try = owner, IsCatching = owner is not null && Catches(start + 1, colon) };
        if (Is(start, "else"u8) && closed is { AsksSetup: true })
            return new PythonBlock(PythonBlockKind.Unconditional, indent, block);
        if (Is(start, "else"u8))
            return new PythonBlock(PythonBlockKind.Branch, indent, block) { Try = owner };
        // "==" is two signs here.
        bool isMain = Is(start, "if"u8) && colon - start == 5 && Is(start + 1, "__name__"u8) && IsSign(start + 2, '=') && IsSign(start + 3, '=') && IsMainText(start + 4);
        return new PythonBlock(isMain ? PythonBlockKind.Main : PythonBlockKind.Branch, indent, block)
        {
            AsksCommandLine = Has(start, colon, "argv"u8) || Has(start, colon, "environ"u8),
            AsksPlatform = AsksPlatform(start, colon),
            AsksSetup = Is(start, "if"u8) && colon - start == 2 && AsksSetup(start + 1),
        };
    }

    readonly bool IsMainText(int at) =>
        tokens[at].Kind == PythonTokenKind.Text && source.Slice(tokens[at].Start + 1, Math.Max(0, tokens[at].Length - 2)).SequenceEqual("__main__"u8);

    /// <summary>Whether a handler takes an import's failure: unless all that it names is known to be something else.</summary>
    readonly bool Catches(int from, int colon)
    {
        int names = 0;
        for (int i = from; i < colon && !Is(i, "as"u8); i++)
        {
            if (tokens[i].Kind != PythonTokenKind.Name)
                continue;
            names++;
            if (!PythonErrors.IsUnrelated(Word(i)))
                return true;
        }

        return names == 0;
    }

    /// <summary>Statements on one line.</summary>
    void Simple(int start)
    {
        for (int i = start; i < tokens.Count;)
        {
            int end = i;
            while (end < tokens.Count && !(tokens[end].Depth == 0 && IsSign(end, ';')))
                end++;
            if (Is(i, "import"u8))
                Import(i, end);
            else if (Is(i, "from"u8))
                From(i, end);
            else
                Other(i, end);
            i = end + 1;
        }
    }

    void Other(int start, int end)
    {
        if (start >= end)
            return;
        // A statement of Python 2.
        isDamaged |= (Is(start, "print"u8) || Is(start, "exec"u8)) && start + 1 < end && tokens[start + 1].Kind == PythonTokenKind.Text;
        if (Is(start, "raise"u8))
        {
            if (block is { IsCatching: true })
                block.Raises = true;
            isOver |= block is null || (block is { Outer: null, AsksPlatform: true });
        }
        else if (Is(start, "assert"u8))
        {
            isOver |= block is null && AsksPlatform(start, end);
        }
        else if (PythonErrors.EndsProgram(Words(start, end)))
        {
            isOver |= block is null || (block is { Outer: null, AsksCommandLine: true });
        }
        else if (mayChangePath == 0 && block is null && (IsUnknownCall(start, end) || NamesSys(start, end)))
        {
            mayChangePath = tokens[start].Line;
        }
    }

    void Import(int start, int end)
    {
        int at = start + 1;
        do
        {
            string module = Dotted(ref at, end);
            if (module.Length == 0)
            {
                isDamaged = true;
                return;
            }

            Add(new PythonImport(module, 0, null, tokens[start].Line, PythonReach.Always));
            SkipAs(ref at, end);
        }
        while (at < end && IsSign(at++, ','));
        isDamaged |= at < end;
    }

    void From(int start, int end)
    {
        int at = start + 1;
        int level = 0;
        for (; at < end && IsSign(at, '.'); at++)
            level++;
        // A number such as "..5" is none here, but "from .1" is no Python either.
        string module = Is(at, "import"u8) ? "" : Dotted(ref at, end);
        if (!Is(at, "import"u8) || (module.Length == 0 && level == 0))
        {
            isDamaged = true;
            return;
        }

        List<string> names = [];
        for (at++; at < end; at++)
        {
            if (IsSign(at, '*'))
                names.Add("*");
            else if (tokens[at].Kind == PythonTokenKind.Name)
                names.Add(Encoding.UTF8.GetString(Word(at)));
            else if (!IsSign(at, '(') && !IsSign(at, ')') && !IsSign(at, ','))
                isDamaged = true;
            if (at + 2 < end && Is(at + 1, "as"u8))
                at += 2;
        }

        // What is done to it by another name is not seen.
        if (module == "sys" && (names.Contains("path") || names.Contains("meta_path") || names.Contains("*")) && mayChangePath == 0)
            mayChangePath = tokens[start].Line;
        Add(new PythonImport(module, level, names, tokens[start].Line, PythonReach.Always));
    }

    void Add(PythonImport import) =>
        found.Add((isOver ? import with { Reach = PythonReach.Sometimes } : import, block));

    readonly string Dotted(ref int at, int end)
    {
        int first = at;
        while (at < end && tokens[at].Kind == PythonTokenKind.Name && !Is(at, "as"u8) && !Is(at, "import"u8))
        {
            at++;
            if (at + 1 >= end || !IsSign(at, '.'))
                break;
            at++;
        }

        StringBuilder name = new();
        for (int i = first; i < at; i++)
            name.Append(Encoding.UTF8.GetString(Word(i)));
        return name.ToString();
    }

    readonly void SkipAs(ref int at, int end)
    {
        if (at + 1 < end && Is(at, "as"u8))
            at += 2;
    }
}
