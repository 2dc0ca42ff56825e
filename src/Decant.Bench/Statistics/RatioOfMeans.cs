namespace Decant.Bench;

/// <summary>The subject's mean over the baseline's, with Fieller's interval (J. Royal Stat. Soc. B 16, 1954) at Satterthwaite's degrees of freedom.</summary>
public sealed record RatioOfMeans(double Ratio, double Df, Interval Interval)
{
    /// <summary>
    /// [R ± (t/ȳ) √(v_a (1−g) + R² v_b)] / (1−g) with g = t² v_b/ȳ², v the variances of the means. Null where g is 1 or more: the baseline's mean is then
    /// not told from zero, and no ratio to it is bounded.
    /// </summary>
    public static RatioOfMeans? Of(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double level = 0.95)
    {
        double a = Descriptive.Variance(subject) / subject.Length, b = Descriptive.Variance(baseline) / baseline.Length;
        double below = Descriptive.Mean(baseline), ratio = Descriptive.Mean(subject) / below;
        if (below == 0)
            return null;
        double df = TTest.WelchDf(a, subject.Length, ratio * ratio * b, baseline.Length);
        double t = StudentT.Critical(level, df), g = t * t * b / (below * below);
        if (!(g < 1))
            return null;
        double reach = t / Math.Abs(below) * Math.Sqrt(a * (1 - g) + ratio * ratio * b);
        return new RatioOfMeans(ratio, df, new Interval((ratio - reach) / (1 - g), (ratio + reach) / (1 - g), level));
    }
}
