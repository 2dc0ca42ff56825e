namespace Decant.Bench;

/// <summary>
/// Cliff's δ: how much more often a value of the subject exceeds one of the baseline than the reverse, from −1 to 1; with the interval of Feng and Cliff
/// (J. Mod. Appl. Stat. Methods 3, 2004).
/// </summary>
public sealed record CliffDelta(double Value, Interval Interval)
{
    public EffectMagnitude Magnitude => Math.Abs(Value) switch
    {
        < 0.147 => EffectMagnitude.Negligible,
        < 0.33 => EffectMagnitude.Small,
        < 0.474 => EffectMagnitude.Medium,
        _ => EffectMagnitude.Large,
    };

    /// <summary>From two values of each arm on.</summary>
    public static CliffDelta Of(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double level = 0.95)
    {
        Descriptive.AtLeast(subject, 2);
        Descriptive.AtLeast(baseline, 2);
        double n = subject.Length, m = baseline.Length, all = n * m;
        double tolerance = Descriptive.TiePart * Math.Max(Descriptive.Magnitude(subject), Descriptive.Magnitude(baseline));
        double[] rows = new double[subject.Length], columns = new double[baseline.Length];
        double squares = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                double away = subject[i] - baseline[j];
                int sign = Math.Abs(away) <= tolerance ? 0 : Math.Sign(away);
                rows[i] += sign / m;
                columns[j] += sign / n;
                squares += sign * sign;
            }
        }

        double delta = Descriptive.Mean(rows), z = NormalDistribution.Critical(level);
        if (all - Math.Abs(delta * all) < 0.5)
        {
            // Where the arms do not overlap the variance is 0, and the smaller arm alone says how far that can be trusted.
            double fewer = Math.Min(n, m), bound = (fewer - z * z) / (fewer + z * z);
            return delta > 0 ? new CliffDelta(1, new Interval(bound, 1, level)) : new CliffDelta(-1, new Interval(-1, -bound, level));
        }

        double between = m * m * SquaresAbout(rows, delta) + n * n * SquaresAbout(columns, delta) - (squares - all * delta * delta);
        double variance = Math.Max(between / (all * (n - 1) * (m - 1)), (1 - delta * delta) / (all - 1));
        double free = 1 - delta * delta, scale = free + z * z * variance;
        double centre = delta * free, reach = z * Math.Sqrt(variance) * Math.Sqrt(free * free + z * z * variance);
        return new CliffDelta(delta, new Interval((centre - reach) / scale, (centre + reach) / scale, level));
    }

    static double SquaresAbout(double[] values, double centre)
    {
        double sum = 0;
        foreach (double value in values)
            sum += (value - centre) * (value - centre);
        return sum;
    }
}
