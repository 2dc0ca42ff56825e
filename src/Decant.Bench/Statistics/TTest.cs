namespace Decant.Bench;

/// <summary>Student's tests of means, with intervals.</summary>
/// <param name="Difference">Of the means, subject less baseline, or of the mean from zero; in the data's unit.</param>
/// <param name="StandardError">Of that difference.</param>
/// <param name="T">The difference less the one of the null hypothesis, in standard errors; infinite where nothing varies.</param>
/// <param name="Df">Degrees of freedom; of Welch's test not whole.</param>
/// <param name="P">Two-sided.</param>
/// <param name="Interval">Of the difference.</param>
public sealed record TTest(double Difference, double StandardError, double T, double Df, double P, Interval Interval)
{
    /// <summary>P against the alternative that the difference is greater than the null hypothesis has it.</summary>
    public double PGreater => StudentT.UpperTail(T, Df);

    /// <summary>P against the alternative that it is less.</summary>
    public double PLess => StudentT.UpperTail(-T, Df);

    /// <summary>Two arms whose spreads may differ (Welch, Biometrika 34, 1947), each of two values or more.</summary>
    public static TTest Welch(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double nullDifference = 0, double level = 0.95)
    {
        double a = Descriptive.Variance(subject) / subject.Length, b = Descriptive.Variance(baseline) / baseline.Length;
        return Of(
            Descriptive.Mean(subject) - Descriptive.Mean(baseline), Math.Sqrt(a + b), WelchDf(a, subject.Length, b, baseline.Length), nullDifference, level);
    }

    /// <summary>Two arms that are known to have one spread: Student's own test.</summary>
    public static TTest Pooled(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double level = 0.95)
    {
        double deviation = EffectSize.PooledDeviation(subject, baseline);
        return Of(
            Descriptive.Mean(subject) - Descriptive.Mean(baseline), deviation * Math.Sqrt(1.0 / subject.Length + 1.0 / baseline.Length),
            subject.Length + baseline.Length - 2, 0, level);
    }

    /// <summary>The mean of one sample of two values or more: of blocks' differences, or of runs' means.</summary>
    public static TTest OneSample(ReadOnlySpan<double> values, double level = 0.95) =>
        Of(Descriptive.Mean(values), Math.Sqrt(Descriptive.Variance(values) / values.Length), values.Length - 1, 0, level);

    /// <summary>Satterthwaite's degrees of freedom of a + b, the variances of two means; those of the pooled test where nothing varies.</summary>
    internal static double WelchDf(double a, int n, double b, int m) =>
        a + b == 0 ? n + m - 2 : (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1));

    static TTest Of(double difference, double error, double df, double nullDifference, double level)
    {
        double away = difference - nullDifference, t = away == 0 ? 0 : away / error, reach = StudentT.Critical(level, df) * error;
        return new TTest(difference, error, t, df, StudentT.TwoSided(t, df), new Interval(difference - reach, difference + reach, level));
    }
}
