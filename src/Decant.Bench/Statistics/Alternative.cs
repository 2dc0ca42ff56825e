namespace Decant.Bench;

/// <summary>What a test sets against its null hypothesis.</summary>
public enum Alternative
{
    TwoSided,
    Greater,
    Less,
}
