namespace Decant.Bench;

/// <summary>Words for a Cliff's δ: up to 0.147, 0.33, 0.474 and beyond (Romano and others, 2006).</summary>
public enum EffectMagnitude
{
    Negligible,
    Small,
    Medium,
    Large,
}
