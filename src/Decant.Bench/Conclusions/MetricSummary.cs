using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>One metric of one environment over its trials that count; all in the metric's unit.</summary>
public sealed record MetricSummary(
    string Metric, string Environment, int Count, double Median, double Mean, double StandardDeviation, double Least, double Most, double LowerQuartile, double UpperQuartile)
{
    /// <param name="values">One or more.</param>
    public static MetricSummary Of(string metric, string environment, ImmutableArray<double> values)
    {
        ReadOnlySpan<double> span = values.AsSpan();
        return new MetricSummary(
            metric, environment, values.Length, Descriptive.Median(span), Descriptive.Mean(span), values.Length > 1 ? Descriptive.StandardDeviation(span) : 0,
            values.Min(), values.Max(), Descriptive.Quantile(span, 0.25), Descriptive.Quantile(span, 0.75));
    }
}
