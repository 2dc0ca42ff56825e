namespace Decant.Bench;

/// <summary>
/// The exact distribution of a sum of ranks when no arm differs from another, given the ranks that were seen, ties included. Sums are held doubled, as
/// midranks are halves.
/// </summary>
sealed class RankDistribution
{
    readonly double[] _probabilities;
    readonly int _lowest;

    RankDistribution(double[] probabilities, int lowest)
    {
        _probabilities = probabilities;
        _lowest = lowest;
    }

    /// <summary>Of Wilcoxon's V: each rank is counted or not, with probability ½.</summary>
    public static RankDistribution OfSignedRank(ReadOnlySpan<double> ranks)
    {
        double[] probabilities = new double[Doubled(Sum(ranks)) + 1];
        probabilities[0] = 1;
        int top = 0;
        foreach (double rank in ranks)
        {
            int step = Doubled(rank);
            top += step;
            for (int sum = top; sum >= 0; sum--)
                probabilities[sum] = 0.5 * (probabilities[sum] + (sum >= step ? probabilities[sum - step] : 0));
        }

        return new RankDistribution(probabilities, 0);
    }

    /// <summary>Of Mann and Whitney's U: all choices of <paramref name="chosen"/> of the ranks are equally likely, and U is their sum less its least untied value.</summary>
    public static RankDistribution OfRankSum(ReadOnlySpan<double> ranks, int chosen)
    {
        int width = Doubled(Sum(ranks)) + 1;
        double[][] ways = new double[chosen + 1][];
        for (int i = 0; i <= chosen; i++)
            ways[i] = new double[width];
        ways[0][0] = 1;
        int seen = 0, top = 0;
        foreach (double rank in ranks)
        {
            int step = Doubled(rank);
            seen++;
            top += step;
            for (int count = Math.Min(chosen, seen); count > 0; count--)
            {
                double[] fewer = ways[count - 1], these = ways[count];
                for (int sum = top; sum >= step; sum--)
                    these[sum] += fewer[sum - step];
            }
        }

        double all = Sum(ways[chosen]);
        double[] probabilities = Array.ConvertAll(ways[chosen], way => way / all);
        return new RankDistribution(probabilities, chosen * (chosen + 1));
    }

    /// <summary>P(statistic ≤ value).</summary>
    public double AtMost(double value) => Sum(_probabilities.AsSpan(0, Math.Clamp(Index(value) + 1, 0, _probabilities.Length)));

    /// <summary>P(statistic ≥ value).</summary>
    public double AtLeast(double value) => Sum(_probabilities.AsSpan(Math.Clamp(Index(value), 0, _probabilities.Length)));

    /// <summary>P(|statistic − centre| ≥ |value − centre|), which ties can leave different from twice the smaller tail.</summary>
    public double AsFar(double value, double centre)
    {
        double away = Math.Abs(value - centre);
        return away == 0 ? 1 : Math.Min(1, AtMost(centre - away) + AtLeast(centre + away));
    }

    /// <summary>The least whole number k with P(statistic ≤ k) ≥ <paramref name="probability"/>, as R's qsignrank and qwilcox have it; for untied ranks.</summary>
    public int Quantile(double probability)
    {
        // A tail that equals the probability but for rounding counts as equal.
        double wanted = probability * (1 - 1e-12), reached = 0;
        for (int k = 0; ; k++)
        {
            reached += _probabilities[2 * k + _lowest];
            if (reached >= wanted)
                return k;
        }
    }

    int Index(double value) => Doubled(value) + _lowest;

    static int Doubled(double value) => (int)Math.Round(2 * value);

    static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
