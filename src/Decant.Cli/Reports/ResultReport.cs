using Decant.Bench;

namespace Decant.Cli;

/// <summary>One result with all that follows from it.</summary>
sealed record ResultReport(
    string Title, string Source, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Machine, IReadOnlyDictionary<string, string> Design, IReadOnlyList<ResultEnvironment> Environments,
    IReadOnlyList<MetricReport> Metrics, IReadOnlyList<VerdictReport> Verdicts, IReadOnlyList<RatioReport> Ratios, IReadOnlyList<SecondOpinionReport> SecondOpinions, IReadOnlyList<MetricSummary> Summaries,
    IReadOnlyList<Waterfall> Waterfalls, IReadOnlyList<FactDifference> Differences, IReadOnlyList<Threat> Threats, IReadOnlyList<string> Remarks, IReadOnlyList<Trial> Trials)
{
    public static ResultReport Of(BenchResult result, ResultConclusions conclusions) => new(
        result.Title, result.Source, result.Command, result.Machine, result.Design, result.Environments, [.. result.Metrics.Select(MetricReport.Of)],
        [.. conclusions.Verdicts.Select(VerdictReport.Of)],
        [.. conclusions.Ratios.Select(ratio => RatioReport.Of(ratio.Metric, ratio.Subject, ratio.Baseline, ratio.Comparison, ratio.P))],
        [.. conclusions.SecondOpinions.Select(SecondOpinionReport.Of)], conclusions.Summaries, conclusions.Waterfalls, conclusions.Differences, conclusions.Threats, conclusions.Remarks, result.Trials);
}
