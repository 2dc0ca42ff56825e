using System.Text;

namespace Decant.Bench;

/// <summary>Results for a pull request: verdicts, the table of what was asked, and the rest to unfold.</summary>
public static class MarkdownReport
{
    /// <summary>Characters that a comment of GitHub can have are 65536; some are left for a heading before it.</summary>
    const int Most = 65000;

    /// <summary>Signs of a line of values.</summary>
    const int MostSigns = 40;

    /// <summary>Never longer than a comment of a pull request may be: the longest of what is to unfold gives way.</summary>
    public static string Of(IReadOnlyList<(BenchResult Result, ResultConclusions Conclusions)> results)
    {
        List<(string Text, string Name)> parts = [];
        HashSet<Threat> told = [];
        foreach ((BenchResult result, ResultConclusions conclusions) in results)
            parts.AddRange([((parts.Count > 0 ? "\n" : "") + Head(result, conclusions), ""), (Others(result, conclusions), "All metrics"), (Opinions(result, conclusions), "By other methods"), (Limits(conclusions, told), "Bear in mind")]);
        int[] folded = [.. Enumerable.Range(0, parts.Count).Where(index => parts[index].Name.Length > 0).OrderByDescending(index => parts[index].Text.Length)];
        foreach (int longest in folded.TakeWhile(_ => parts.Sum(part => part.Text.Length) > Most))
            parts[longest] = ($"\n{parts[longest].Name}: too long for here ({parts[longest].Text.Length} characters); `--html` has it.\n", "");
        string text = string.Concat(parts.Select(part => part.Text));
        return text.Length <= Most ? text : text[..(text.LastIndexOf('\n', Most - 100) + 1)] + "\nThe rest is too long for here; `--html` has it.\n";
    }

    static string Head(BenchResult result, ResultConclusions conclusions)
    {
        StringBuilder text = new($"### {Escape(result.Title)}\n\n");
        foreach (Verdict verdict in conclusions.Verdicts)
            text.Append($"- **{VerdictWord.Of(verdict.Kind)}**: {Escape(VerdictText.WithoutWord(verdict.Sentence))}\n");
        if (!conclusions.Verdicts.IsEmpty && conclusions.Threats.Any(threat => threat.Severity == ThreatSeverity.Disqualifying))
            text.Append($"- {Sign(ThreatSeverity.Disqualifying)}What is marked so under *Bear in mind* could make such differences by itself.\n");
        Metric primary = result.Metrics[0];
        double[] all = [.. result.Environments.SelectMany(arm => Values(result, arm.Name))];
        text.Append($"\n| environment | {Escape(primary.Name)} (median) | quartiles | trials | in order | ratio | interval | against |\n| --- | ---: | ---: | ---: | --- | ---: | ---: | --- |\n");
        foreach (ResultEnvironment arm in result.Environments)
        {
            MetricSummary? summary = conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == arm.Name);
            Verdict? verdict = conclusions.Verdicts.FirstOrDefault(verdict => verdict.Question.Subject == arm.Name);
            Comparison? comparison = verdict?.Comparison;
            text.Append($"| {Escape(arm.Name)} | {(summary is null ? "-" : ValueText.Of(summary.Median, primary.Unit))} | "
                + $"{(summary is null ? "" : ValueText.Of(summary.LowerQuartile, primary.Unit) + " – " + ValueText.Of(summary.UpperQuartile, primary.Unit))} | {summary?.Count ?? 0} | {Signs(Values(result, arm.Name), all)} | "
                + $"{comparison?.Ratio.Value.ToString("F4")} | {(comparison is null ? "" : $"{comparison.Ratio.Interval.Low:F4} – {comparison.Ratio.Interval.High:F4}")} | {Escape(verdict?.Question.Baseline ?? "")} |\n");
        }

        return text.ToString();
    }

    static string Sign(ThreatSeverity severity) => severity switch
    {
        ThreatSeverity.Disqualifying => "✖ ",
        ThreatSeverity.Doubt => "! ",
        _ => "",
    };

    static double[] Values(BenchResult result, string environment) =>
        [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(result.Metrics[0].Name)).Select(trial => trial.Values[result.Metrics[0].Name])];

    /// <summary>Values as bars, from the least of all environments to the most; of many, medians of as many in a row.</summary>
    static string Signs(double[] values, double[] all)
    {
        if (values.Length == 0)
            return "";
        double least = all.Min();
        double range = all.Max() - least;
        return string.Concat(values.Chunk((values.Length + MostSigns - 1) / MostSigns).Select(few => Descriptive.Median(few)).Select(value => "▁▂▃▄▅▆▇█"[range > 0 ? (int)Math.Min(7, 8 * (value - least) / range) : 3]));
    }

    static string Others(BenchResult result, ResultConclusions conclusions)
    {
        StringBuilder text = new($"\n<details><summary>All metrics</summary>\n\n| median | {string.Join(" | ", result.Environments.Select(arm => Escape(arm.Name)))} |\n|{string.Concat(Enumerable.Repeat(" --- |", result.Environments.Length + 1))}\n");
        foreach (Metric metric in result.Metrics)
        {
            IEnumerable<string> cells = result.Environments.Select(arm => conclusions.Summaries.FirstOrDefault(one => one.Metric == metric.Name && one.Environment == arm.Name))
                .Select(summary => summary is null ? "-" : ValueText.Of(summary.Median, metric.Unit));
            text.Append($"| {Escape(metric.Name)} | {string.Join(" | ", cells)} |\n");
        }

        return text.Append("\n</details>\n").ToString();
    }

    static string Opinions(BenchResult result, ResultConclusions conclusions)
    {
        string[][] rows = [.. SecondOpinionTable.Rows(result, conclusions)];
        return rows.Length == 0 ? ""
            : $"\n<details><summary>By other methods</summary>\n\n| {string.Join(" | ", SecondOpinionTable.Heads.Select(Escape))} |\n|{string.Concat(Enumerable.Repeat(" --- |", SecondOpinionTable.Heads.Length))}\n"
                + string.Concat(rows.Select(row => $"| {string.Join(" | ", row.Select(Escape))} |\n")) + "\n</details>\n";
    }

    /// <param name="told">Threats of all results of the session, which are said once.</param>
    static string Limits(ResultConclusions conclusions, HashSet<Threat> told)
    {
        string[] limits = [.. conclusions.Threats.Where(told.Add).Select(threat => $"{Sign(threat.Severity)}{threat.Sentence} ({threat.Evidence})"), .. conclusions.Remarks];
        return limits.Length == 0 ? "" : $"\n<details><summary>Bear in mind</summary>\n\n{string.Join('\n', limits.Select(limit => "- " + Escape(limit)))}\n\n</details>\n";
    }

    static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
            escaped.Append(character is '|' or '<' or '*' or '_' or '`' or '[' or '\\' ? "\\" : "").Append(character is '\n' or '\r' ? ' ' : character);
        return escaped.ToString();
    }
}
