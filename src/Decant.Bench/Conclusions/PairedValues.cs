using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>Of one metric, the values of two arms from the blocks in which both count.</summary>
public sealed record PairedValues(ImmutableArray<double> Subject, ImmutableArray<double> Baseline)
{
    public int Count => Subject.Length;

    public static PairedValues Of(BenchResult result, Question question) => Of(result, question.Metric, question.Subject, question.Baseline);

    /// <summary>Empty where the trials do not come in blocks.</summary>
    public static PairedValues Of(BenchResult result, string metric, string subject, string baseline)
    {
        Dictionary<int, double> other = Values(result, metric, baseline);
        (double Subject, double Baseline)[] pairs =
            [.. Values(result, metric, subject).Where(pair => other.ContainsKey(pair.Key)).OrderBy(pair => pair.Key).Select(pair => (pair.Value, other[pair.Key]))];
        return new PairedValues([.. pairs.Select(pair => pair.Subject)], [.. pairs.Select(pair => pair.Baseline)]);
    }

    /// <summary>ln(subject/baseline) of each block; all values must be above zero.</summary>
    public BlockDifferences LogRatios() => BlockDifferences.LogRatios(Subject.AsSpan(), Baseline.AsSpan());

    /// <summary>Whether ratios can be taken at all.</summary>
    public bool Positive => Count > 0 && Subject.All(value => value > 0) && Baseline.All(value => value > 0);

    static Dictionary<int, double> Values(BenchResult result, string metric, string environment)
    {
        Dictionary<int, double> values = [];
        foreach (Trial trial in result.Trials)
        {
            if (trial is { Counts: true, Block: { } block } && trial.Environment == environment && trial.Values.TryGetValue(metric, out double value))
                values[block] = value;
        }

        return values;
    }
}
