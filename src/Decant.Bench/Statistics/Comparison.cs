namespace Decant.Bench;

/// <summary>
/// The ratio of two arms in one metric, subject over baseline, and all that a verdict takes of it. There are two: <see cref="PairedComparison"/> where
/// trials went in blocks, <see cref="UnpairedComparison"/> where they did not.
/// </summary>
/// <param name="Ratio">With the interval at about 1 − α.</param>
/// <param name="P">Against a ratio of 1, two-sided.</param>
/// <param name="Alpha">The probability of a false finding that is accepted: 0.05.</param>
public abstract record Comparison(Estimate Ratio, double P, double Alpha)
{
    /// <summary>What was repeated: "8 blocks".</summary>
    public abstract string Size { get; }

    /// <summary>The methods of the estimate and of P, in words.</summary>
    public abstract string Method { get; }

    /// <summary>Whether the ratio lies within the margin; the interval is one of the ratio.</summary>
    public abstract EquivalenceTest Within(EquivalenceMargin margin);

    /// <summary>P against a ratio within the margin: twice the smaller of the two one-sided ones, so it is at most α where the interval lies beyond the margin.</summary>
    public abstract double Beyond(EquivalenceMargin margin);
}
