namespace Decant.Bench;

/// <summary>
/// Flags values that lie far from the others, by the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993). Nothing is ever
/// dropped for being flagged: a value goes only for a recorded cause.
/// </summary>
public static class Outliers
{
    const double Threshold = 3.5;

    /// <summary>The indices of the values whose |x − median| is above 3.5 · 1.4826 · MAD, in order.</summary>
    public static IReadOnlyList<int> Flag(ReadOnlySpan<double> values)
    {
        double median = Descriptive.Median(values), scale = 1.4826 * Descriptive.Mad(values);
        double[] away = new double[values.Length];
        for (int i = 0; i < away.Length; i++)
            away[i] = Math.Abs(values[i] - median);
        double rounding = Descriptive.TiePart * Descriptive.Magnitude(values);
        // More than half of the values are one: the authors take the mean deviation then, as the median one is 0.
        if (scale <= rounding)
            scale = 1.253314 * Descriptive.Mean(away);
        List<int> flagged = [];
        for (int i = 0; i < away.Length; i++)
        {
            if (away[i] > Math.Max(rounding, Threshold * scale))
                flagged.Add(i);
        }

        return flagged;
    }
}
