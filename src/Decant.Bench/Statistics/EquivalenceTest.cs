namespace Decant.Bench;

/// <summary>
/// Two one-sided tests (Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987): a difference lies within two bounds where it is shown to be above the lower and
/// below the upper one. That a difference was not found shows no such thing.
/// </summary>
/// <param name="PLower">Against a difference at the lower bound or below it.</param>
/// <param name="PUpper">Against one at the upper bound or above it.</param>
/// <param name="Interval">At the level 1 − 2α, 0.90 for α of 0.05: it lies within the bounds where P is at most α.</param>
public sealed record EquivalenceTest(double PLower, double PUpper, Interval Interval)
{
    public double P => Math.Max(PLower, PUpper);

    /// <summary>Of two means, by Welch's test.</summary>
    /// <param name="low">The lower bound of the difference, in the data's unit.</param>
    /// <param name="high">The upper bound.</param>
    public static EquivalenceTest Welch(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double low, double high, double alpha = 0.05) => new(
        TTest.Welch(subject, baseline, low).PGreater,
        TTest.Welch(subject, baseline, high).PLess,
        TTest.Welch(subject, baseline, level: 1 - 2 * alpha).Interval);

    /// <summary>Of blocks, by the signed-rank test, whose interval is that of the Hodges–Lehmann estimate.</summary>
    public static EquivalenceTest OfBlocks(BlockDifferences differences, double low, double high, double alpha = 0.05) => new(
        SignedRank.Test(differences.Less(low), Alternative.Greater).P,
        SignedRank.Test(differences.Less(high), Alternative.Less).P,
        SignedRank.Estimate(differences, 1 - 2 * alpha).Interval);
}
