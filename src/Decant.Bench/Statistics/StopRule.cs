namespace Decant.Bench;

/// <summary>
/// Measure until the interval is narrow enough or the budget is spent. The rule looks at the width alone, never at where the interval lies, so that it
/// cannot stop at a result it likes.
/// </summary>
/// <param name="HalfWidth">Wanted of the interval, in the unit of the differences: 0.005 of log ratios is half a percent to either side.</param>
/// <param name="Pilot">So many blocks are measured before anything is judged: their spread says how many it will take.</param>
/// <param name="Budget">No more blocks than this.</param>
public sealed record StopRule(double HalfWidth, int Pilot, int Budget)
{
    /// <summary>The decision after these blocks, of which there is one at least.</summary>
    public StopDecision After(BlockDifferences differences, double level = 0.95)
    {
        Interval interval = SignedRank.Estimate(differences, level).Interval;
        int needed = Math.Max(Pilot, differences.Count < 2 ? Attainable(level) : Needed(differences, level));
        bool precise = differences.Count >= Pilot && interval.Level >= level && interval.HalfWidth <= HalfWidth;
        return new StopDecision(precise ? StopReason.Precise : differences.Count >= Budget ? StopReason.Budget : StopReason.None, interval, needed);
    }

    /// <summary>
    /// t·s/√n of a mean's interval, widened by √(π/3), as the Hodges–Lehmann estimate of normal data needs π/3 as many blocks as the mean.
    /// </summary>
    int Needed(BlockDifferences differences, double level)
    {
        double spread = Descriptive.StandardDeviation(differences.Values.AsSpan()) * Math.Sqrt(Math.PI / 3);
        // Beyond a million blocks the number says only that this precision is out of reach.
        const int Far = 1_000_000;
        return SampleSize.Least(Attainable(level), n => n >= Far || StudentT.Critical(level, n - 1) * spread <= HalfWidth * Math.Sqrt(n));
    }

    /// <summary>The least n whose signed-rank interval reaches the level at all: 1 − 2/2ⁿ. For 0.95 it is 6.</summary>
    static int Attainable(double level) => Math.Max(2, (int)Math.Ceiling(1 - Math.Log2(1 - level)));
}
