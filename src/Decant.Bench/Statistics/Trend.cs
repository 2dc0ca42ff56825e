namespace Decant.Bench;

/// <summary>Whether values rise or fall in the order in which they were measured: Mann (Econometrica 13, 1945) and Kendall's test, with Theil and Sen's slope.</summary>
/// <param name="Slope">The median of the slopes between all pairs, in the data's unit for one trial.</param>
/// <param name="Tau">Kendall's: from −1, always falling, to 1, always rising; pairs that tie count half to either side.</param>
/// <param name="P">Two-sided; counted where nothing ties, else by the normal distribution with the variance that ties leave.</param>
public sealed record Trend(double Slope, double Tau, double P)
{
    /// <summary>Up to so many values the distribution is counted.</summary>
    const int ExactValues = 100;

    /// <param name="values">In the order of measurement, two or more.</param>
    public static Trend Of(ReadOnlySpan<double> values)
    {
        Descriptive.AtLeast(values, 2);
        int n = values.Length, pairs = n * (n - 1) / 2, rising = 0, falling = 0, at = 0;
        Midranks midranks = Midranks.Of(values, Descriptive.TiePart * Descriptive.Magnitude(values));
        double[] slopes = new double[pairs];
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                slopes[at++] = (values[j] - values[i]) / (j - i);
                int sign = midranks.Ranks[j].CompareTo(midranks.Ranks[i]);
                rising += sign > 0 ? 1 : 0;
                falling += sign < 0 ? 1 : 0;
            }
        }

        double p = midranks.TieTerm == 0 && n <= ExactValues ? Counted(n, Math.Min(rising, falling)) : Approximated(midranks.Ranks, rising - falling);
        return new Trend(Descriptive.Median(slopes), (rising - falling) / (double)pairs, p);
    }

    /// <summary>Twice the probability that an order has no more inversions than this: the k-th value adds 0 to k − 1 of them, all equally likely.</summary>
    static double Counted(int n, int inversions)
    {
        double[] probabilities = new double[inversions + 1];
        probabilities[0] = 1;
        for (int k = 2; k <= n; k++)
        {
            double[] next = new double[probabilities.Length];
            for (int total = 0; total < next.Length; total++)
            {
                for (int added = 0; added < k && added <= total; added++)
                    next[total] += probabilities[total - added] / k;
            }

            probabilities = next;
        }

        return Math.Min(1, 2 * probabilities.Sum());
    }

    static double Approximated(double[] ranks, int s)
    {
        double n = ranks.Length, variance = n * (n - 1) * (2 * n + 5);
        foreach (double rank in ranks)
        {
            double tied = ranks.Count(other => other == rank);
            variance -= (tied - 1) * (2 * tied + 5);
        }

        double z = variance <= 0 ? 0 : Math.Max(0, Math.Abs(s) - 1) / Math.Sqrt(variance / 18);
        return Math.Min(1, 2 * NormalDistribution.UpperTail(z));
    }
}
