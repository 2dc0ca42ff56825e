using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A condition under which a comparison fails a build: wall &gt; 2%.</summary>
/// <param name="Metric">Of each environment against the baseline.</param>
/// <param name="Worse">Whether being higher fails; else being lower does.</param>
/// <param name="Percent">Above or below the baseline.</param>
public sealed record FailureCondition(string Metric, bool Worse, double Percent)
{
    /// <exception cref="DecantException">Not METRIC &gt; PERCENT% or METRIC &lt; -PERCENT%.</exception>
    public static FailureCondition Parse(string text)
    {
        int at = text.IndexOfAny(['<', '>']);
        if (at <= 0 || !double.TryParse(text[(at + 1)..].Trim().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) || !double.IsFinite(percent) || percent <= -100)
            throw new DecantException($"{PathBytes.Printable(text)} is no condition", "'wall > 2%', or 'tokens_per_second < -3%'");
        return new FailureCondition(text[..at].Trim(), text[at] == '>', percent);
    }

    public override string ToString() => $"{Metric} {(Worse ? '>' : '<')} {Percent.ToString(CultureInfo.InvariantCulture)}%";

    /// <summary>The level that an interval must have for a build to fail by it: the nearest that blocks allow to 95 %.</summary>
    const double LeastLevel = 0.93;

    /// <summary>
    /// Whether the whole interval of some ratio lies beyond the bound: neither an estimate nor the interval of so few blocks that it has a lower level fails a build, nor does a
    /// difference that an arm's drift can have made, as trials were not in turn. Each environment is judged by itself: conditions are not adjusted for their number.
    /// </summary>
    /// <returns>All such environments in a sentence; null where there is none.</returns>
    /// <exception cref="DecantException">The result has no such metric.</exception>
    public string? Holds(BenchResult result, ResultConclusions conclusions)
    {
        if (!result.Metrics.Any(metric => metric.Name == Metric))
            throw new DecantException($"--fail-if '{this}': the result has no metric {PathBytes.Printable(Metric)}", $"it has {string.Join(", ", result.Metrics.Select(metric => metric.Name))}");
        double bound = 1 + Percent / 100;
        List<string> beyond = [];
        foreach ((string subject, string baseline, Comparison comparison) in
            conclusions.Verdicts.Where(verdict => verdict.Question.Metric == Metric && verdict.Doubts.Count == 0).Select(verdict => (verdict.Question.Subject, verdict.Question.Baseline, verdict.Comparison))
            .Concat(conclusions.Ratios.Where(ratio => ratio.Metric == Metric).Select(ratio => (ratio.Subject, ratio.Baseline, ratio.Comparison))))
        {
            Interval interval = comparison.Ratio.Interval;
            if (interval.Level >= LeastLevel && (Worse ? interval.Low > bound : interval.High < bound))
                beyond.Add($"{Metric} of {subject} is {ValueText.Ratio(comparison.Ratio.Value)} ({ValueText.Ratio(interval.Low)} … {ValueText.Ratio(interval.High)}) against {baseline}");
        }

        return beyond.Count == 0 ? null : $"{string.Join("; ", beyond)}: beyond {this}";
    }

    /// <summary>Why it can hold for no environment, whatever the values; null where it can.</summary>
    public string? Undecided(BenchResult result, ResultConclusions conclusions)
    {
        if (conclusions.Verdicts.FirstOrDefault(verdict => verdict.Question.Metric == Metric && verdict.Doubts.Count > 0) is { } doubted)
            return $"--fail-if '{this}' is not decided: {string.Join(", and ", doubted.Doubts)}";
        Comparison[] comparisons = [.. conclusions.Verdicts.Where(verdict => verdict.Question.Metric == Metric).Select(verdict => verdict.Comparison),
            .. conclusions.Ratios.Where(ratio => ratio.Metric == Metric).Select(ratio => ratio.Comparison)];
        return comparisons.Length == 0 ? $"--fail-if '{this}' is not decided: nothing of {result.Title} can be compared in it"
            : comparisons.All(comparison => comparison.Ratio.Interval.Level < LeastLevel) ? $"--fail-if '{this}' is not decided: {comparisons[0].Size} give an interval of {NumberText.Level(comparisons[0].Ratio.Interval.Level)} only"
            : null;
    }
}
