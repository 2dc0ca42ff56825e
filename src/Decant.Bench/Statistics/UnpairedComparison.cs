using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>Of trials without blocks: the ratio of geometric means, with everything by Welch's test of the logarithms.</summary>
/// <param name="Subject">The logarithms of its values; <paramref name="Baseline"/>: likewise.</param>
public sealed record UnpairedComparison(Estimate Ratio, double P, double Alpha, ImmutableArray<double> Subject, ImmutableArray<double> Baseline)
    : Comparison(Ratio, P, Alpha)
{
    public override string Size => $"{Subject.Length} and {Baseline.Length} trials without blocks";

    public override string Method => "ratio of geometric means, Welch's t-test of logarithms";

    /// <param name="subject">Two values or more, all above zero; <paramref name="baseline"/>: likewise.</param>
    public static UnpairedComparison Of(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, double alpha = 0.05)
    {
        ImmutableArray<double> x = Logarithms(subject), y = Logarithms(baseline);
        TTest test = TTest.Welch(x.AsSpan(), y.AsSpan(), level: 1 - alpha);
        return new UnpairedComparison(new Estimate(test.Difference, test.Interval).Exp(), test.P, alpha, x, y);
    }

    public override EquivalenceTest Within(EquivalenceMargin margin)
    {
        EquivalenceTest test = EquivalenceTest.Welch(Subject.AsSpan(), Baseline.AsSpan(), Math.Log(margin.Low), Math.Log(margin.High), Alpha);
        return test with { Interval = test.Interval.Exp() };
    }

    public override double Beyond(EquivalenceMargin margin) => Math.Min(1, 2 * Math.Min(
        TTest.Welch(Subject.AsSpan(), Baseline.AsSpan(), Math.Log(margin.High)).PGreater,
        TTest.Welch(Subject.AsSpan(), Baseline.AsSpan(), Math.Log(margin.Low)).PLess));

    static ImmutableArray<double> Logarithms(ReadOnlySpan<double> values)
    {
        double[] logarithms = new double[values.Length];
        for (int i = 0; i < logarithms.Length; i++)
            logarithms[i] = Math.Log(BlockDifferences.Positive(values[i]));
        return [.. logarithms];
    }
}
