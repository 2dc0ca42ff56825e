namespace Decant.Bench;

/// <summary>
/// Of blocks: the Hodges–Lehmann estimate of the blocks' log ratios, with the interval and the tests against the margin by signed ranks, and P by flipping
/// signs.
/// </summary>
/// <param name="Differences">The log ratios.</param>
/// <param name="FlaggedBlocks">Indices of blocks that lie far from the others; they are part of every figure but the next.</param>
/// <param name="RatioWithoutFlagged">What the ratio would be without them; null where there are none.</param>
public sealed record PairedComparison(
    Estimate Ratio, double P, double Alpha, BlockDifferences Differences, IReadOnlyList<int> FlaggedBlocks, Estimate? RatioWithoutFlagged)
    : Comparison(Ratio, P, Alpha)
{
    public override string Size => Differences.Count == 1 ? "1 block" : $"{Differences.Count} blocks";

    public override string Method => "Hodges–Lehmann ratio with signed-rank interval, sign-flip test";

    /// <param name="subject">One value a block, above zero.</param>
    /// <param name="baseline">Of the same blocks.</param>
    /// <param name="seed">Of the sample of sign flips that more than 32 blocks take.</param>
    public static PairedComparison Of(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double alpha = 0.05, ulong seed = 0)
    {
        BlockDifferences differences = BlockDifferences.LogRatios(subject, baseline);
        IReadOnlyList<int> flagged = Outliers.Flag(differences.Values.AsSpan());
        return new PairedComparison(
            RatioOf(differences), PermutationTest.OfSignFlips(differences, seed).P, alpha, differences, flagged,
            flagged.Count == 0 ? null : RatioOf(differences.Without(flagged)));

        Estimate RatioOf(BlockDifferences of)
        {
            ShiftEstimate shift = SignedRank.Estimate(of, 1 - alpha);
            return new Estimate(shift.Value, shift.Interval).Exp();
        }
    }

    public override EquivalenceTest Within(EquivalenceMargin margin)
    {
        EquivalenceTest test = EquivalenceTest.OfBlocks(Differences, Math.Log(margin.Low), Math.Log(margin.High), Alpha);
        return test with { Interval = test.Interval.Exp() };
    }

    public override double Beyond(EquivalenceMargin margin) => Math.Min(1, 2 * Math.Min(
        SignedRank.Test(Differences.Less(Math.Log(margin.High)), Alternative.Greater).P,
        SignedRank.Test(Differences.Less(Math.Log(margin.Low)), Alternative.Less).P));
}
