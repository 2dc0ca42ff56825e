namespace Decant.Doctor;

/// <summary>"NAME=VALUE" as a word (XCU 2.9.1).</summary>
/// <param name="Value">Null where it adds to what the variable is, or is a part of an array.</param>
sealed record ShellAssignment(string Name, ShellTerm? Value)
{
    /// <summary>Null for a word that is none.</summary>
    public static ShellAssignment? Of(ShellTerm word)
    {
        if (word.Parts is not [{ Kind: ShellPartKind.Literal, IsQuoted: false } first, ..])
            return null;
        int equals = first.Text.IndexOf('=');
        if (equals <= 0)
            return null;
        string name = first.Text[..equals];
        bool isPlain = IsName(name);
        // "NAME+=VALUE" and "NAME[INDEX]=VALUE" of bash.
        if (!isPlain)
            name = name.EndsWith('+') ? name[..^1] : name.EndsWith(']') && name.IndexOf('[') is > 0 and int bracket ? name[..bracket] : "";
        if (!IsName(name))
            return null;
        List<ShellPart> parts = [.. word.Parts.Skip(1)];
        if (equals + 1 < first.Text.Length)
            parts.Insert(0, first with { Text = first.Text[(equals + 1)..] });
        return new ShellAssignment(name, isPlain ? new ShellTerm(parts, word.Line) : null);
    }

    public static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(characters);

    static readonly System.Buffers.SearchValues<char> characters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
}
