using System.Text;

namespace Decant.Bench;

/// <summary>A result for a pull request: verdicts, the table of what was asked, and the rest to unfold.</summary>
public static class MarkdownReport
{
    public static string Of(BenchResult result, ResultConclusions conclusions)
    {
        StringBuilder text = new($"### {Escape(result.Title)}\n\n");
        foreach (Verdict verdict in conclusions.Verdicts)
            text.Append($"- **{VerdictWord.Of(verdict.Kind)}**: {Escape(VerdictText.WithoutWord(verdict.Sentence))}\n");
        Metric primary = result.Metrics[0];
        text.Append($"\n| environment | {Escape(primary.Name)} (median) | quartiles | trials | ratio | interval | against |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |\n");
        foreach (ResultEnvironment arm in result.Environments)
        {
            MetricSummary? summary = conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == arm.Name);
            Verdict? verdict = conclusions.Verdicts.FirstOrDefault(verdict => verdict.Question.Subject == arm.Name);
            Comparison? comparison = verdict?.Comparison;
            text.Append($"| {Escape(arm.Name)} | {(summary is null ? "-" : ValueText.Of(summary.Median, primary.Unit))} | "
                + $"{(summary is null ? "" : ValueText.Of(summary.LowerQuartile, primary.Unit) + " – " + ValueText.Of(summary.UpperQuartile, primary.Unit))} | {summary?.Count ?? 0} | "
                + $"{comparison?.Ratio.Value.ToString("F4")} | {(comparison is null ? "" : $"{comparison.Ratio.Interval.Low:F4} – {comparison.Ratio.Interval.High:F4}")} | {Escape(verdict?.Question.Baseline ?? "")} |\n");
        }

        Others(text, result, conclusions);
        string[][] opinions = [.. SecondOpinionTable.Rows(result, conclusions)];
        if (opinions.Length > 0)
        {
            text.Append($"\n<details><summary>By other methods</summary>\n\n| {string.Join(" | ", SecondOpinionTable.Heads.Select(Escape))} |\n|{string.Concat(Enumerable.Repeat(" --- |", SecondOpinionTable.Heads.Length))}\n")
                .AppendJoin('\n', opinions.Select(row => $"| {string.Join(" | ", row.Select(Escape))} |")).Append("\n\n</details>\n");
        }

        string[] limits = [.. conclusions.Threats.Select(threat => $"{threat.Sentence} ({threat.Evidence})"), .. conclusions.Remarks];
        if (limits.Length > 0)
            text.Append("\n<details><summary>Bear in mind</summary>\n\n").AppendJoin('\n', limits.Select(limit => "- " + Escape(limit))).Append("\n\n</details>\n");
        return text.ToString();
    }

    static void Others(StringBuilder text, BenchResult result, ResultConclusions conclusions)
    {
        text.Append($"\n<details><summary>All metrics</summary>\n\n| median | {string.Join(" | ", result.Environments.Select(arm => Escape(arm.Name)))} |\n|{string.Concat(Enumerable.Repeat(" --- |", result.Environments.Length + 1))}\n");
        foreach (Metric metric in result.Metrics)
        {
            IEnumerable<string> cells = result.Environments.Select(arm => conclusions.Summaries.FirstOrDefault(one => one.Metric == metric.Name && one.Environment == arm.Name))
                .Select(summary => summary is null ? "-" : ValueText.Of(summary.Median, metric.Unit));
            text.Append($"| {Escape(metric.Name)} | {string.Join(" | ", cells)} |\n");
        }

        text.Append("\n</details>\n");
    }

    static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
            escaped.Append(character is '|' or '<' or '*' or '_' or '`' or '[' or '\\' ? "\\" : "").Append(character is '\n' or '\r' ? ' ' : character);
        return escaped.ToString();
    }
}
