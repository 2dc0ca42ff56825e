namespace Decant.Doctor;

/// <summary>A part of a word, up to where its kind or its quoting changes.</summary>
/// <param name="Text">The characters themselves; of a parameter its name; of a command its text.</param>
/// <param name="IsQuoted">Neither split into fields nor a pattern.</param>
sealed record ShellPart(ShellPartKind Kind, string Text, bool IsQuoted)
{
    /// <summary>Of a parameter: ":-", "#" and their like, in front of <see cref="Operand"/>; "length" for "${#NAME}"; empty for none.</summary>
    public string Operator { get; init; } = "";

    public ShellTerm? Operand { get; init; }
}
