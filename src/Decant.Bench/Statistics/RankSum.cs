namespace Decant.Bench;

/// <summary>
/// Mann and Whitney's test of two arms without blocks, and the Hodges–Lehmann shift whose interval inverts it (Hollander, Wolfe and Chicken,
/// Nonparametric Statistical Methods, 4.1–4.3).
/// </summary>
public static class RankSum
{
    /// <summary>Up to so many values in all the distribution is counted, which takes some 50 million additions; beyond, it is as good as normal.</summary>
    const int ExactValues = 100;

    /// <summary>U counts the pairs in which the subject is greater, a tie as one half. With ties the distribution is that of the midranks that were seen.</summary>
    public static RankTest Test(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, Alternative alternative = Alternative.TwoSided)
    {
        if (subject.Length + baseline.Length > ExactValues)
            return Approximate(subject, baseline, alternative);
        Midranks midranks = Rank(subject, baseline);
        (double mean, double deviation) = Moments(midranks, subject.Length, baseline.Length);
        return RankTest.Exactly(RankDistribution.OfRankSum(midranks.Ranks, subject.Length), Statistic(midranks, subject.Length), mean, deviation, alternative);
    }

    /// <summary>The same by the normal distribution, with the variance that ties leave: nm/12 · ((N+1) − Σ(t³−t)/(N(N−1))).</summary>
    /// <param name="continuity">Whether U is moved half a step towards its mean first.</param>
    public static RankTest Approximate(
        ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, Alternative alternative = Alternative.TwoSided, bool continuity = true)
    {
        Midranks midranks = Rank(subject, baseline);
        (double mean, double deviation) = Moments(midranks, subject.Length, baseline.Length);
        return RankTest.Approximately(Statistic(midranks, subject.Length), mean, deviation, alternative, continuity);
    }

    /// <summary>The median of the nm differences x_i − y_j, and the interval [D_(k), D_(nm+1−k)], k the quantile of U at (1 − level)/2.</summary>
    public static ShiftEstimate Estimate(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double level = 0.95)
    {
        Descriptive.AtLeast(subject, 1);
        Descriptive.AtLeast(baseline, 1);
        int n = subject.Length, m = baseline.Length;
        double[] differences = new double[n * m];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
                differences[i * m + j] = subject[i] - baseline[j];
        }

        Array.Sort(differences);
        if (n + m <= ExactValues)
        {
            double[] ranks = new double[n + m];
            for (int i = 0; i < ranks.Length; i++)
                ranks[i] = i + 1;
            RankDistribution distribution = RankDistribution.OfRankSum(ranks, n);
            int exact = Math.Max(1, distribution.Quantile((1 - level) / 2));
            return ShiftEstimate.Of(differences, exact, 1 - 2 * distribution.AtMost(exact - 1));
        }

        double deviation = Math.Sqrt(n * (double)m * (n + m + 1) / 12);
        int rank = Math.Max(1, (int)Math.Floor(n * (double)m / 2 - NormalDistribution.Critical(level) * deviation));
        return ShiftEstimate.Of(differences, rank, level);
    }

    static Midranks Rank(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline)
    {
        Descriptive.AtLeast(subject, 1);
        Descriptive.AtLeast(baseline, 1);
        double[] all = [.. subject, .. baseline];
        return Midranks.Of(all, Descriptive.TiePart * Descriptive.Magnitude(all));
    }

    static double Statistic(Midranks midranks, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += midranks.Ranks[i];
        return sum - n * (n + 1) / 2.0;
    }

    static (double Mean, double Deviation) Moments(Midranks midranks, double n, double m)
    {
        double all = n + m;
        return (n * m / 2, Math.Sqrt(n * m / 12 * (all + 1 - midranks.TieTerm / (all * (all - 1)))));
    }
}
