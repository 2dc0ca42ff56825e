using Decant.Bench;

namespace Decant.Cli;

/// <summary>A metric of one environment as a ratio to another's.</summary>
/// <param name="Level">Of the interval from <paramref name="Low"/> to <paramref name="High"/>.</param>
/// <param name="P">Adjusted for the number of comparisons.</param>
sealed record RatioReport(string Metric, string Subject, string Baseline, double Ratio, double Low, double High, double Level, double P, string Size, string Method)
{
    public static RatioReport Of(string metric, string subject, string baseline, Comparison comparison, double p) => new(
        metric, subject, baseline, comparison.Ratio.Value, comparison.Ratio.Interval.Low, comparison.Ratio.Interval.High, comparison.Ratio.Interval.Level, p, comparison.Size,
        comparison.Method);
}
