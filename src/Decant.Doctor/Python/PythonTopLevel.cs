using System.Text;

namespace Decant.Doctor;

/// <summary>
/// The names that a module may have when its source has been run (The Python Language Reference, 4.2.1: Binding of names): more than it has, never less. What a function or class
/// keeps to itself is none of them.
/// </summary>
static class PythonTopLevel
{
    /// <summary>By these a module gets names that its text does not bind, or others give it such.</summary>
    static readonly string[] Ways =
    [
        "globals()", "vars(", "locals()", "exec(", "execfile(", "setattr(", "sys.modules", "__getattr__", "__dict__", "__globals__", "global_enum", "_convert", "_getframe", "f_globals",
        "currentframe", "__builtins__",
    ];

    /// <summary>The same of os, which looks at itself in more ways than it changes itself.</summary>
    static readonly string[] WaysOfOs =
        ["global_enum", "_convert", "exec(", "globals()[", "globals().update", "vars()[", "vars().update", "update(globals", "sys.modules[__name__]", "setattr(sys.modules", "locals()["];

    /// <summary>Whether nothing is sure of what it has.</summary>
    public static bool IsOpen(PythonSource source, bool isOs) =>
        source.IsDamaged || (isOs ? MayBind(source, "__getattr__") || source.ContainsAny(WaysOfOs) : source.ContainsAny(Ways) || HandsItselfOver(source));

    /// <summary>Whether its text binds the name, or may.</summary>
    public static bool MayBind(PythonSource source, string name) =>
        source.Mentions(name) && (source.TopLevelNames.Contains(name) || source.Contains(name + ":=") || source.Contains(name + " :="));

    /// <summary>__name__ is given to something else than a logger: that may look the module up by it, and change it.</summary>
    static bool HandsItselfOver(PythonSource source)
    {
        ReadOnlySpan<byte> text = source.Text;
        ReadOnlySpan<byte> word = "__name__"u8;
        for (int from = 0; text[from..].IndexOf(word) is >= 0 and int found;)
        {
            int start = from + found;
            from = start + word.Length;
            ReadOnlySpan<byte> before = text[..start].TrimEnd(" "u8);
            ReadOnlySpan<byte> behind = text[from..].TrimStart(" "u8);
            bool isHarmless = before.EndsWith("."u8) || before.EndsWith("getLogger("u8) || behind.StartsWith("=="u8) || behind.StartsWith("!="u8) || behind.StartsWith("in "u8) || before.EndsWith("=="u8);
            if (!isHarmless)
                return true;
        }

        return false;
    }

    public static HashSet<string> Read(ReadOnlySpan<byte> text)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        List<PythonToken> tokens = [];
        PythonTokens lines = new(text, tokens);
        PythonLine line = new(text, tokens);
        // Of the function or class that the lines are in; its own first line belongs to the module.
        int inner = int.MaxValue;
        while (lines.Next())
        {
            if (lines.Indent <= inner)
                inner = int.MaxValue;
            bool isInner = inner != int.MaxValue;
            int start = line.Is(0, "async"u8) ? 1 : 0;
            bool opens = !isInner && (line.Is(start, "def"u8) || line.Is(start, "class"u8));
            if (opens)
                inner = lines.Indent;
            bool isGlobal = false;
            for (int i = 0; i < tokens.Count; i++)
            {
                isGlobal = line.Is(i, "global"u8) || (isGlobal && !line.IsSign(i, ';'));
                if (tokens[i].Kind == PythonTokenKind.Name && (isGlobal || !(isInner || (opens && tokens[i].Depth > 0))) && !line.IsSign(i - 1, '.'))
                    names.Add(Encoding.UTF8.GetString(line.Word(i)));
            }
        }

        return names;
    }
}
