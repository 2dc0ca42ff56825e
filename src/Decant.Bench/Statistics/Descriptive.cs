namespace Decant.Bench;

/// <summary>Figures of one sample. All throw <see cref="ArgumentException"/> for a sample that is too small to have them.</summary>
public static class Descriptive
{
    /// <summary>Two values that were reckoned in different ways count as equal where they differ by less than this part of the data's magnitude.</summary>
    internal const double TiePart = 1e-12;

    public static double Mean(ReadOnlySpan<double> values)
    {
        AtLeast(values, 1);
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }

    /// <summary>The sample variance: over n − 1, from two values on.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        AtLeast(values, 2);
        double mean = Mean(values), sum = 0;
        foreach (double value in values)
            sum += (value - mean) * (value - mean);
        return sum / (values.Length - 1);
    }

    public static double StandardDeviation(ReadOnlySpan<double> values) => Math.Sqrt(Variance(values));

    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>Type 7 of Hyndman and Fan (The American Statistician 50, 1996), which R, NumPy and Excel use: linear between order statistics.</summary>
    /// <param name="probability">From 0 (the least value) to 1 (the greatest).</param>
    public static double Quantile(ReadOnlySpan<double> values, double probability)
    {
        AtLeast(values, 1);
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return SortedQuantile(sorted, probability);
    }

    /// <summary>As <see cref="Quantile"/>, of values that are sorted.</summary>
    internal static double SortedQuantile(double[] sorted, double probability)
    {
        if (!(probability >= 0 && probability <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies between 0 and 1.");
        double place = (sorted.Length - 1) * probability;
        int below = (int)place;
        return below == sorted.Length - 1 ? sorted[below] : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The median absolute deviation from the median, not scaled.</summary>
    public static double Mad(ReadOnlySpan<double> values)
    {
        double median = Median(values);
        double[] away = new double[values.Length];
        for (int i = 0; i < away.Length; i++)
            away[i] = Math.Abs(values[i] - median);
        return Median(away);
    }

    internal static double Magnitude(ReadOnlySpan<double> values)
    {
        double most = 0;
        foreach (double value in values)
            most = Math.Max(most, Math.Abs(value));
        return most;
    }

    internal static void AtLeast(ReadOnlySpan<double> values, int count)
    {
        if (values.Length < count)
            throw new ArgumentException($"This takes {count} values or more, not {values.Length}.", nameof(values));
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"A measurement is a number, not {value}.", nameof(values));
        }
    }
}
