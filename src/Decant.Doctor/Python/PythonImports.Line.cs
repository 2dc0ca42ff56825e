namespace Decant.Doctor;

/// <summary>What is asked of a line's tokens.</summary>
ref partial struct PythonImports
{
    /// <summary>Whether the line changes where modules are looked for (sys.path, site.addsitedir), or runs source that may.</summary>
    void NotePathChanges()
    {
        bool inFunction = (block?.Reach() ?? PythonReach.Always) == PythonReach.WhenCalled;
        bool isOfMain = block?.IsOfMain() ?? false;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != PythonTokenKind.Name)
                continue;
            bool isOfSys = i > 1 && Is(i - 2, "sys"u8) && IsChanged(i + 1);
            bool changes = Is(i, "addsitedir"u8) || (isOfSys && Is(i, "path"u8));
            if (changes && !inFunction && !isOfMain && changesPath == 0)
                changesPath = tokens[i].Line;
            // Finders of libraries are for what they bring along themselves; those of the program may be for anything.
            bool mayChange = changes || (isOfSys && (Is(i, "meta_path"u8) || Is(i, "path_hooks"u8)));
            if ((mayChange || ((Is(i, "exec"u8) || Is(i, "execfile"u8)) && IsSign(i + 1, '('))) && mayChangePath == 0)
                mayChangePath = tokens[i].Line;
        }
    }

    /// <summary>A statement that only calls something: it may end the program, write modules, or change where they are looked for.</summary>
    readonly bool IsUnknownCall(int start, int end)
    {
        int at = start;
        while (at < end && tokens[at].Kind == PythonTokenKind.Name && IsSign(at + 1, '.'))
            at += 2;
        return at < end && tokens[at].Kind == PythonTokenKind.Name && IsSign(at + 1, '(') && IsSign(end - 1, ')') && !PythonErrors.IsHarmless(Word(start));
    }

    /// <summary>Gives sys another name, or hands it to something.</summary>
    readonly bool NamesSys(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (Is(i, "sys"u8) && !IsSign(i + 1, '.') && !IsSign(i - 1, '.'))
                return true;
        }

        return false;
    }

    readonly bool IsChanged(int at) =>
        IsSign(at, '[') || IsSign(at, '+') || (IsSign(at, '=') && !IsSign(at + 1, '='))
        || (IsSign(at, '.') && (Is(at + 1, "insert"u8) || Is(at + 1, "append"u8) || Is(at + 1, "extend"u8) || Is(at + 1, "remove"u8) || Is(at + 1, "pop"u8)));

    readonly bool Has(int from, int to, ReadOnlySpan<byte> word)
    {
        for (int i = from; i < to; i++)
        {
            if (Is(i, word))
                return true;
        }

        return false;
    }

    /// <summary>sys.platform or os.name.</summary>
    readonly bool AsksPlatform(int from, int to) => Has(from, to, "platform"u8) || (Has(from, to, "os"u8) && Has(from, to, "name"u8));

    /// <summary>__NUMPY_SETUP__, __SKLEARN_SETUP__ and their like, which setup.py puts among the built-in names while it builds the package.</summary>
    readonly bool AsksSetup(int at) =>
        tokens[at].Kind == PythonTokenKind.Name && Word(at).StartsWith("__"u8) && Word(at).EndsWith("_SETUP__"u8);

    readonly ReadOnlySpan<byte> Words(int from, int to) =>
        source[tokens[from].Start..(tokens[to - 1].Start + tokens[to - 1].Length)];

    readonly bool Is(int at, ReadOnlySpan<byte> word) => line.Is(at, word);

    readonly bool IsSign(int at, char sign) => line.IsSign(at, sign);

    readonly ReadOnlySpan<byte> Word(int at) => line.Word(at);
}
