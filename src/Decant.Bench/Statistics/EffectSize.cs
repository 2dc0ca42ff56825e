namespace Decant.Bench;

/// <summary>The difference of two means in standard deviations: no unit, so it stands beside the difference in its own, never alone.</summary>
public static class EffectSize
{
    /// <summary>Cohen's d: in pooled standard deviations.</summary>
    public static double CohenD(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline) =>
        (Descriptive.Mean(subject) - Descriptive.Mean(baseline)) / PooledDeviation(subject, baseline);

    /// <summary>Hedges' g: d without the bias of small samples, J·d with J = Γ(ν/2)/(√(ν/2) Γ((ν−1)/2)) (Hedges, J. Educ. Stat. 6, 1981).</summary>
    public static double HedgesG(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline)
    {
        double df = subject.Length + baseline.Length - 2;
        // Γ(ν/2)/Γ((ν−1)/2) = √π / B(½, (ν−1)/2).
        double j = Math.Exp(0.5 * Math.Log(2 * Math.PI / df) - BetaFunction.Log(0.5, (df - 1) / 2));
        return j * CohenD(subject, baseline);
    }

    /// <summary>Glass's Δ: in standard deviations of the baseline, which the subject's spread does not touch.</summary>
    public static double GlassDelta(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline) =>
        (Descriptive.Mean(subject) - Descriptive.Mean(baseline)) / Descriptive.StandardDeviation(baseline);

    internal static double PooledDeviation(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline) => Math.Sqrt(
        ((subject.Length - 1) * Descriptive.Variance(subject) + (baseline.Length - 1) * Descriptive.Variance(baseline)) / (subject.Length + baseline.Length - 2));
}
