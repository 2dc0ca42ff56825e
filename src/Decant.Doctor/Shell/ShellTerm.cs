namespace Decant.Doctor;

/// <summary>A word of a shell's text before it is expanded (XCU 2.3).</summary>
/// <param name="Line">Where it begins, from 1.</param>
sealed record ShellTerm(IReadOnlyList<ShellPart> Parts, int Line)
{
    /// <summary>The characters of a word without quotes and expansions: only such a one may be a keyword; null for others.</summary>
    public string? Bare => Parts is [{ Kind: ShellPartKind.Literal, IsQuoted: false } only] ? only.Text : null;

    /// <summary>What it is whatever the variables are; null where something is to be expanded. Patterns are taken as they stand.</summary>
    public string? Plain
    {
        get
        {
            foreach (ShellPart part in Parts)
            {
                if (part.Kind != ShellPartKind.Literal)
                    return null;
            }

            return string.Concat(Parts.Select(part => part.Text));
        }
    }
}
