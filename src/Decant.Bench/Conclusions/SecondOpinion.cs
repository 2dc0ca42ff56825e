using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// What other methods say of one metric of an environment and its baseline, trials taken as two samples: means, ranks, effect sizes, in the metric's own unit.
/// No verdict rests on it; who knows these methods finds their figures here. Intervals have a level of 95 %, or that which ranks reach.
/// </summary>
/// <param name="SubjectMean">With Student's interval; <paramref name="BaselineMean"/> alike.</param>
/// <param name="Means">The difference of the means by Welch's test.</param>
/// <param name="Shift">Hodges and Lehmann's, with the interval of Mann and Whitney's test, whose P is <paramref name="RankP"/>.</param>
/// <param name="PermutationP">Of the means; null where there are so many that Welch's test says the same.</param>
/// <param name="HedgesG">The difference in standard deviations; not finite where nothing varies.</param>
/// <param name="Ratio">Of the means by Fieller; null where the baseline's mean is not told from zero.</param>
/// <param name="EquivalentP">Two one-sided tests of the means against the margin of the question, or of 1 % where none was asked; null for a mean of 0.</param>
/// <param name="Bootstrap">The mean ratio of the blocks with the interval of the bootstrap (BCa); null without blocks, or where a value is not above zero.</param>
/// <param name="WithoutFlagged">The verdict's ratio without the blocks that lie far from the others; null where there are none.</param>
public sealed record SecondOpinion(
    string Metric, string Subject, string Baseline, TTest SubjectMean, double SubjectDeviation, TTest BaselineMean, double BaselineDeviation, TTest Means,
    ShiftEstimate Shift, double RankP, double? PermutationP, double HedgesG, CliffDelta Delta, RatioOfMeans? Ratio, double? EquivalentP, BcaBootstrap? Bootstrap,
    Estimate? WithoutFlagged)
{
    /// <summary>Of more pairs of values ranks take too much memory, and say no more.</summary>
    const long MostPairs = 250_000;

    const int MostPermuted = 200;

    /// <summary>Squares of larger ones are no numbers.</summary>
    const double Largest = 1e75;

    /// <summary>Of every metric that has two values in both; those that only accompany what was asked are left out where something was asked.</summary>
    public static ImmutableArray<SecondOpinion> Of(BenchResult result, ImmutableArray<Question> questions, ulong seed)
    {
        List<SecondOpinion> opinions = [];
        foreach (Metric metric in result.Metrics.Where(metric => !AuditedSession.Accompanies(result, metric.Name)))
        {
            foreach (ResultEnvironment arm in result.Environments.Skip(1).Where(arm => arm.Repeats is null))
            {
                Question? asked = questions.FirstOrDefault(question => question.Metric == metric.Name && question.Subject == arm.Name);
                string baseline = asked?.Baseline ?? result.Environments[0].Name;
                double[] x = AuditedSession.Values(result, arm.Name, metric.Name), y = AuditedSession.Values(result, baseline, metric.Name);
                if (x.Length > 1 && y.Length > 1 && (long)x.Length * y.Length <= MostPairs && x.Concat(y).All(value => Math.Abs(value) <= Largest) && (x.Distinct().Count() > 1 || y.Distinct().Count() > 1))
                    opinions.Add(Of(result, metric.Name, arm.Name, baseline, x, y, asked?.Margin ?? EquivalenceMargin.Percent(1), seed));
            }
        }

        return [.. opinions];
    }

    static SecondOpinion Of(BenchResult result, string metric, string subject, string baseline, double[] x, double[] y, EquivalenceMargin margin, ulong seed)
    {
        double mean = Descriptive.Mean(y);
        PairedValues pairs = PairedValues.Of(result, metric, subject, baseline);
        bool paired = pairs is { Count: > 1, Positive: true };
        double[] logs = paired ? [.. pairs.LogRatios().Values] : [];
        return new SecondOpinion(
            metric, subject, baseline, TTest.OneSample(x), Descriptive.StandardDeviation(x), TTest.OneSample(y), Descriptive.StandardDeviation(y), TTest.Welch(x, y),
            RankSum.Estimate(x, y), RankSum.Test(x, y).P, x.Length + y.Length <= MostPermuted ? PermutationTest.OfMeans(x, y, seed).P : null, EffectSize.HedgesG(x, y), CliffDelta.Of(x, y), RatioOfMeans.Of(x, y),
            mean == 0 ? null : EquivalenceTest.Welch(x, y, Math.Abs(mean) * (margin.Low - 1), Math.Abs(mean) * (margin.High - 1)).P,
            paired ? BcaBootstrap.Of<double>(logs, some => Math.Exp(Descriptive.Mean(some)), seed: seed) : null,
            paired ? PairedComparison.Of(pairs.Subject.AsSpan(), pairs.Baseline.AsSpan(), seed: seed).RatioWithoutFlagged : null);
    }
}
