using Decant.Bench;

namespace Decant.Cli;

/// <summary>The answer to a declared question.</summary>
/// <param name="Verdict">different, negligible, equivalent or inconclusive.</param>
/// <param name="MarginLow">Ratios from here to <paramref name="MarginHigh"/> do not matter.</param>
/// <param name="PWithin">Against a difference beyond the margin; <paramref name="PBeyond"/> against one within it.</param>
sealed record VerdictReport(
    string Verdict, string Sentence, RatioReport Comparison, double MarginLow, double MarginHigh, double PWithin, double PBeyond, IReadOnlyList<string> Doubts)
{
    public static VerdictReport Of(Verdict verdict) => new(
        VerdictWord.Of(verdict.Kind),
        verdict.Sentence, RatioReport.Of(verdict.Question.Metric, verdict.Question.Subject, verdict.Question.Baseline, verdict.Comparison, verdict.P),
        verdict.Question.Margin.Low, verdict.Question.Margin.High, verdict.PWithin, verdict.PBeyond, verdict.Doubts);
}
