using System.Text;

namespace Decant.Doctor;

/// <summary>What the source of a module says about imports.</summary>
/// <param name="Text">Of the whole file.</param>
/// <param name="Imports">In the order of the file.</param>
sealed record PythonSource(byte[] Text, IReadOnlyList<PythonImport> Imports)
{
    /// <summary>It is not Python of any version that is known here, or broken: nothing is to be concluded from it.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Why no Python takes it; null where that is not sure.</summary>
    public PythonFault? Fault { get; init; }

    /// <summary>There is something besides comments and strings.</summary>
    public bool HasCode { get; init; }

    /// <summary>The line that changes sys.path outside of any function; 0 for none.</summary>
    public int ChangesPathAt { get; init; }

    /// <summary>The line of a function that changes sys.path, or one that runs other source; 0 for none.</summary>
    public int MayChangePathAt { get; init; }

    Dictionary<string, int>? names;
    HashSet<string>? topLevel;
    bool? isOpen;

    public static PythonSource None { get; } = new([], []);

    /// <summary>A word of it is this name: it may well be defined there.</summary>
    public bool Mentions(string name)
    {
        byte[] word = Encoding.UTF8.GetBytes(name);
        ReadOnlySpan<byte> text = Text;
        for (int from = 0; text[from..].IndexOf(word) is >= 0 and int found; from += found + 1)
        {
            int start = from + found;
            int end = start + word.Length;
            if ((start == 0 || !IsNamePart(text[start - 1])) && (end == text.Length || !IsNamePart(text[end])))
                return true;
        }

        return false;
    }

    /// <summary>How often its code has the name, strings and comments aside.</summary>
    public int Uses(string name)
    {
        names ??= CountNames();
        return names.GetValueOrDefault(name);
    }

    /// <summary>Nothing is sure of what names the module has: see <see cref="PythonTopLevel"/>.</summary>
    public bool IsOpen => isOpen ??= PythonTopLevel.IsOpen(this, isOs: false);

    /// <summary>See <see cref="PythonTopLevel"/>.</summary>
    public HashSet<string> TopLevelNames => topLevel ??= PythonTopLevel.Read(Text);

    /// <summary>It puts modules into sys.modules, or lets others do so; it may look into it as it likes.</summary>
    public bool AliasesModules()
    {
        ReadOnlySpan<byte> text = Text;
        ReadOnlySpan<byte> word = "sys.modules"u8;
        for (int from = 0; text[from..].IndexOf(word) is >= 0 and int found;)
        {
            int start = from + found;
            from = start + word.Length;
            if (text[..start].EndsWith("in "u8) || text[from..].StartsWith(".get("u8) || text[from..].StartsWith(".pop("u8) || text[from..].StartsWith(".copy("u8) || text[from..].StartsWith(".items("u8) || text[from..].StartsWith(".values("u8))
                continue;
            int line = text[from..].IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> rest = line < 0 ? text[from..] : text[from..(from + line)];
            int bracket = rest.LastIndexOf((byte)']');
            if (rest.StartsWith("["u8) && bracket > 0 && !(rest[(bracket + 1)..].TrimStart((byte)' ') is var behind && behind.StartsWith("="u8) && !behind.StartsWith("=="u8)))
                continue;
            return true;
        }

        return false;
    }

    /// <summary>It holds the name as a string by itself.</summary>
    public bool Quotes(string name) => Contains($"'{name}'") || Contains($"\"{name}\"");

    public bool Contains(string text) => Text.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    public bool ContainsAny(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            if (Contains(text))
                return true;
        }

        return false;
    }

    Dictionary<string, int> CountNames()
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        List<PythonToken> tokens = [];
        PythonTokens lines = new(Text, tokens);
        while (lines.Next())
        {
            foreach (PythonToken token in tokens)
            {
                if (token.Kind != PythonTokenKind.Name)
                    continue;
                string name = Encoding.UTF8.GetString(Text.AsSpan(token.Start, token.Length));
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        return counts;
    }

    static bool IsNamePart(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == '_' || c >= 0x80;
}
