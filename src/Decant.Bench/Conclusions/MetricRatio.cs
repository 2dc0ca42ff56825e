namespace Decant.Bench;

/// <summary>One metric of one environment against the baseline, beside the primary questions.</summary>
/// <param name="Comparison">With the p-value of this metric alone.</param>
/// <param name="P">Adjusted for the share of false findings among all such ratios of the result (Benjamini and Hochberg).</param>
public sealed record MetricRatio(string Metric, string Subject, string Baseline, Comparison Comparison, double P);
