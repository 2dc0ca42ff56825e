namespace Decant.Bench;

/// <summary>The four answers.</summary>
public enum VerdictKind
{
    /// <summary>The ratio is shown to lie beyond the margin.</summary>
    DifferentAndRelevant,

    /// <summary>The ratio is shown not to be 1, and to lie within the margin.</summary>
    DifferentButNegligible,

    /// <summary>The ratio is shown to lie within the margin, and is not told from 1.</summary>
    Equivalent,

    /// <summary>The data do not decide between these.</summary>
    Inconclusive,
}
