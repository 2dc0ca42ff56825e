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
        foreach ((Question question, Comparison comparison, _) in Judged(result, conclusions).Where(one => one.Doubts.Count == 0))
        {
            Interval interval = comparison.Ratio.Interval;
            if (interval.Level >= LeastLevel && (Worse ? interval.Low > bound : interval.High < bound))
            {
                (string ratio, string low, string high) = ValueText.Ratios(comparison.Ratio);
                beyond.Add($"{Metric} of {question.Subject} is {ratio} ({low} … {high}) against {question.Baseline}");
            }
        }

        return beyond.Count == 0 ? null : $"{string.Join("; ", beyond)}: beyond {this}";
    }

    /// <summary>Why it can hold for no environment, or not for one, whatever the values; null where it can.</summary>
    public string? Undecided(BenchResult result, ResultConclusions conclusions)
    {
        (Question Question, Comparison Comparison, IReadOnlyList<string> Doubts)[] judged = [.. Judged(result, conclusions)];
        return judged.Length == 0 ? $"--fail-if '{this}' is not decided: nothing of {result.Title} can be compared in it"
            : judged.FirstOrDefault(one => one.Doubts.Count > 0) is { Doubts: { } doubts } ? $"--fail-if '{this}' is not decided: {string.Join(", and ", doubts)}"
            : judged.All(one => one.Comparison.Ratio.Interval.Level < LeastLevel) ? $"--fail-if '{this}' is not decided: {judged[0].Comparison.Size} give an interval of {NumberText.Level(judged[0].Comparison.Ratio.Interval.Level)} only"
            : null;
    }

    /// <summary>All that is compared in that metric; what no question is about is doubted for the same reasons.</summary>
    IEnumerable<(Question Question, Comparison Comparison, IReadOnlyList<string> Doubts)> Judged(BenchResult result, ResultConclusions conclusions)
    {
        foreach (Verdict verdict in conclusions.Verdicts.Where(verdict => verdict.Question.Metric == Metric))
            yield return (verdict.Question, verdict.Comparison, verdict.Doubts);
        foreach (MetricRatio ratio in conclusions.Ratios.Where(ratio => ratio.Metric == Metric))
        {
            Question question = new(Metric, ratio.Subject, ratio.Baseline, EquivalenceMargin.Percent(1));
            yield return (question, ratio.Comparison, ResultConclusions.Doubted(result, Verdict.Of(question, ratio.Comparison)).Doubts);
        }
    }
}
