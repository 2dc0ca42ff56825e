using System.Text;

namespace Decant.Bench;

/// <summary>A result for the terminal: the verdicts, one table of what was asked, one of the rest, and what limits it.</summary>
public static class TextReport
{
    /// <param name="colour">Sets verdicts apart, for a terminal.</param>
    /// <param name="width">Columns; sentences are broken there.</param>
    public static string Of(IReadOnlyList<(BenchResult Result, ResultConclusions Conclusions)> results, bool colour, int width)
    {
        // What is said of all results of a session is said once.
        HashSet<Threat> told = [];
        return string.Join('\n', results.Select(one => Of(one.Result, one.Conclusions, colour, width, told)));
    }

    static string Of(BenchResult result, ResultConclusions conclusions, bool colour, int width, HashSet<Threat> told)
    {
        StringBuilder text = new();
        text.Append(Bold(result.Title, colour)).Append('\n');
        Primary(text, result, conclusions);
        text.Append(conclusions.Verdicts.IsEmpty ? "" : "\n");
        foreach (Verdict verdict in conclusions.Verdicts)
            Wrap(text, Mark(verdict.Kind, colour), VerdictText.WithoutWord(verdict.Claim) + ".", width);
        if (conclusions.Verdicts.FirstOrDefault() is { } first)
            Wrap(text, "", $"({first.Comparison.Size}; {first.Comparison.Method}; {(conclusions.Verdicts.Length == 1 ? "p-values" : $"p-values adjusted for {conclusions.Verdicts.Length} questions by Holm; all of them")} with --html or --json)", width);
        if (!conclusions.Verdicts.IsEmpty && conclusions.Threats.Any(threat => threat.Severity == ThreatSeverity.Disqualifying))
            Wrap(text, Sign(ThreatSeverity.Disqualifying, colour), "What is marked so below could make such differences by itself.", width);
        Others(text, result, conclusions);
        foreach (Waterfall waterfall in conclusions.Waterfalls.Where(waterfall => waterfall.IsLarge))
            Parts(text, waterfall);
        Threat[] threats = [.. conclusions.Threats.Where(told.Add)];
        if (conclusions.Remarks.Length + threats.Length > 0)
            text.Append('\n').Append(Bold("Bear in mind", colour)).Append('\n');
        foreach (Threat threat in threats)
            Wrap(text, Sign(threat.Severity, colour), $"{threat.Sentence} ({threat.Evidence})", width);
        foreach (string remark in conclusions.Remarks)
            Wrap(text, "- ", remark, width);
        return text.ToString();
    }

    static string Bold(string text, bool colour) => colour ? $"\e[1m{text}\e[0m" : text;

    static string Mark(VerdictKind kind, bool colour)
    {
        string word = VerdictWord.Of(kind);
        int number = kind switch
        {
            VerdictKind.DifferentAndRelevant => 31,
            VerdictKind.Inconclusive => 33,
            _ => 32,
        };
        return colour ? $"\e[{number};1m{word}\e[0m: " : word + ": ";
    }

    /// <summary>As <see cref="HtmlReport"/> marks them.</summary>
    static string Sign(ThreatSeverity severity, bool colour) => severity switch
    {
        ThreatSeverity.Disqualifying => colour ? "\e[31;1m✖\e[0m " : "✖ ",
        ThreatSeverity.Doubt => colour ? "\e[33;1m!\e[0m " : "! ",
        _ => "- ",
    };

    static void Primary(StringBuilder text, BenchResult result, ResultConclusions conclusions)
    {
        Metric primary = result.Metrics.FirstOrDefault() ?? new Metric("", "", Direction.Neither, "");
        string[] baselines = [.. conclusions.Verdicts.Select(verdict => verdict.Question.Baseline).Distinct()];
        List<string[]> rows = [["", primary.Name, "quartiles", "trials", baselines.Length > 1 ? "ratio" : "against " + (result.Environments.FirstOrDefault()?.Name ?? ""), "interval", baselines.Length > 1 ? "against" : ""]];
        foreach (ResultEnvironment arm in result.Environments)
        {
            MetricSummary? summary = conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == arm.Name);
            Verdict? verdict = conclusions.Verdicts.FirstOrDefault(verdict => verdict.Question.Subject == arm.Name);
            Comparison? comparison = verdict?.Comparison;
            (string ratio, string low, string high) = comparison is null ? ("", "", "") : ValueText.Ratios(comparison.Ratio);
            rows.Add(
            [
                arm.Name,
                summary is null ? "-" : ValueText.Of(summary.Median, primary.Unit),
                summary is null ? "" : $"{ValueText.Of(summary.LowerQuartile, primary.Unit)} – {ValueText.Of(summary.UpperQuartile, primary.Unit)}",
                summary?.Count.ToString() ?? "0",
                ratio,
                comparison is null ? "" : $"{low} … {high}",
                baselines.Length > 1 ? verdict?.Question.Baseline ?? "" : "",
            ]);
        }

        Table(text, rows);
    }

    static void Others(StringBuilder text, BenchResult result, ResultConclusions conclusions)
    {
        Metric[] others = [.. result.Metrics.Skip(1).Where(metric => (!metric.Name.StartsWith("host.", StringComparison.Ordinal) || metric.Name is "host.used_free" or "host.used_available") && !metric.Name.StartsWith("pressure.", StringComparison.Ordinal))];
        List<string[]> rows = [["median", .. result.Environments.Select(arm => arm.Name)]];
        foreach (Metric metric in others)
        {
            MetricSummary?[] summaries = [.. result.Environments.Select(arm => conclusions.Summaries.FirstOrDefault(one => one.Metric == metric.Name && one.Environment == arm.Name))];
            if (summaries.Any(summary => summary is { Most: > 0 }))
                rows.Add([metric.Name, .. summaries.Select(summary => summary is null ? "-" : ValueText.Of(summary.Median, metric.Unit))]);
        }

        if (rows.Count > 1)
            Table(text.Append('\n'), rows);
    }

    static void Parts(StringBuilder text, Waterfall waterfall)
    {
        text.Append($"\nMemory of the host that is not free: {waterfall.Subject} {ValueText.Difference(waterfall.Difference, "B")} against {waterfall.Baseline}\n");
        string more = $"   more than {ValueText.Of(waterfall.Tolerance, "B")}: ";
        List<string[]> rows = [.. waterfall.Parts.Select(part => (string[])["  " + part.Name, ValueText.Difference(part.Bytes, "B") + (waterfall.IsNamed(part) ? Indented(WaterfallText.Files(part)) : more + "name them with --files NAME=PATH")])];
        rows.Add(["  unexplained", ValueText.Difference(waterfall.Unexplained, "B") + (Math.Abs(waterfall.Unexplained) <= waterfall.Tolerance ? "" : more + "no counter of the kernel has it")]);
        Table(text, rows);
    }

    static string Indented(string text) => text.Length == 0 ? "" : "   " + text;

    static void Table(StringBuilder text, List<string[]> rows)
    {
        int columns = rows.Max(row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Where(row => row.Length > column).Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            StringBuilder line = new();
            for (int column = 0; column < row.Length; column++)
                line.Append(column == 0 ? row[column].PadRight(widths[0]) : "  " + (column == row.Length - 1 && columns == 2 ? row[column] : row[column].PadLeft(widths[column])));
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }

    /// <summary>Breaks between words; further lines are indented. <paramref name="mark"/> may hold escapes, which take no columns.</summary>
    static void Wrap(StringBuilder text, string mark, string sentence, int width)
    {
        text.Append(mark);
        int escape = mark.IndexOf('m');
        int column = mark.Length - (mark.StartsWith('\e') ? escape + 1 + "\e[0m".Length : 0);
        foreach (string word in sentence.Split(' '))
        {
            if (column + word.Length + 1 > width && column > 2)
            {
                text.Append("\n ");
                column = 1;
            }

            text.Append(column > 1 && text[^1] != ' ' ? " " : "").Append(word);
            column += word.Length + 1;
        }

        text.Append('\n');
    }
}
