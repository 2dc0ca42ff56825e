namespace Decant.Bench;

/// <summary>
/// Wilcoxon's signed-rank test of blocks, and the Hodges–Lehmann estimate whose interval inverts it (Hollander, Wolfe and Chicken, Nonparametric
/// Statistical Methods, 3.1–3.3).
/// </summary>
public static class SignedRank
{
    /// <summary>Up to so many blocks the distribution is counted; beyond, it is as good as normal.</summary>
    const int ExactBlocks = 200;

    /// <summary>
    /// V is the sum of the ranks of the positive differences by size. Blocks without a difference drop out, as Wilcoxon had it; tied sizes share their
    /// midrank, and the distribution is that of the ranks that were seen.
    /// </summary>
    public static RankTest Test(BlockDifferences differences, Alternative alternative = Alternative.TwoSided)
    {
        double[] kept = [.. differences.Values.Where(value => Math.Abs(value) > differences.Tolerance)];
        Midranks midranks = Midranks.Of(Array.ConvertAll(kept, Math.Abs), differences.Tolerance);
        double n = kept.Length, statistic = 0;
        for (int i = 0; i < kept.Length; i++)
            statistic += kept[i] > 0 ? midranks.Ranks[i] : 0;
        double mean = n * (n + 1) / 4, deviation = Math.Sqrt(n * (n + 1) * (2 * n + 1) / 24 - midranks.TieTerm / 48);
        return n <= ExactBlocks
            ? RankTest.Exactly(RankDistribution.OfSignedRank(midranks.Ranks), statistic, mean, deviation, alternative)
            : RankTest.Approximately(statistic, mean, deviation, alternative, continuity: true);
    }

    /// <summary>
    /// The median of the Walsh averages (d_i + d_j)/2, i ≤ j, and the interval [W_(k), W_(M+1−k)] of the M averages, k the quantile of V at (1 − level)/2.
    /// Few blocks reach only a lower level, which the interval tells: five 0.9375.
    /// </summary>
    public static ShiftEstimate Estimate(BlockDifferences differences, double level = 0.95)
    {
        int n = differences.Count;
        double[] averages = new double[n * (n + 1) / 2];
        for (int i = 0, at = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                averages[at++] = (differences.Values[i] + differences.Values[j]) / 2;
        }

        Array.Sort(averages);
        double alpha = 1 - level;
        if (n <= ExactBlocks)
        {
            double[] ranks = new double[n];
            for (int i = 0; i < n; i++)
                ranks[i] = i + 1;
            RankDistribution distribution = RankDistribution.OfSignedRank(ranks);
            int exact = Math.Max(1, distribution.Quantile(alpha / 2));
            return ShiftEstimate.Of(averages, exact, 1 - 2 * distribution.AtMost(exact - 1));
        }

        double mean = averages.Length / 2.0, deviation = Math.Sqrt(mean * (2 * n + 1) / 6);
        int rank = (int)Math.Floor(mean - NormalDistribution.Critical(level) * deviation);
        return ShiftEstimate.Of(averages, rank, level);
    }
}
