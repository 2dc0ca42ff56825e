using System.Collections.Immutable;
using System.Text;

namespace Decant.Bench;

/// <summary>What other methods say, as rows for a table of HTML or Markdown.</summary>
static class SecondOpinionTable
{
    public static readonly ImmutableArray<string> Heads =
    [
        "metric", "environment", "mean ± sd (95 %)", "of the baseline", "difference (Welch)", "shift (Hodges–Lehmann)", "p: Welch, ranks, permutation", "Hedges g, Cliff δ",
        "ratio of means (Fieller)", "p: equivalent means", "ratio of blocks (BCa)", "without outliers",
    ];

    public static IEnumerable<string[]> Rows(BenchResult result, ResultConclusions conclusions)
    {
        foreach (SecondOpinion opinion in conclusions.SecondOpinions)
        {
            string unit = result.Metrics.First(metric => metric.Name == opinion.Metric).Unit;
            string Signed(double value) => ValueText.Difference(value, unit);
            string Mean(TTest mean, double deviation) => $"{ValueText.Of(mean.Difference, unit)} ± {ValueText.Of(deviation, unit)} ({ValueText.Of(mean.Interval.Low, unit)} – {ValueText.Of(mean.Interval.High, unit)})";
            string Between(double value, Interval interval, Func<double, string> text) => $"{text(value)} ({text(interval.Low)} … {text(interval.High)})";
            yield return
            [
                opinion.Metric, opinion.Subject,
                $"{Mean(opinion.SubjectMean, opinion.SubjectDeviation)}, n = {opinion.SubjectMean.Df + 1}",
                $"{Mean(opinion.BaselineMean, opinion.BaselineDeviation)}, n = {opinion.BaselineMean.Df + 1}",
                Between(opinion.Means.Difference, opinion.Means.Interval, Signed), Between(opinion.Shift.Value, opinion.Shift.Interval, Signed),
                $"{Probability(opinion.Means.P)}, {Probability(opinion.RankP)}, {Probability(opinion.PermutationP)}",
                $"{(double.IsFinite(opinion.HedgesG) ? opinion.HedgesG.ToString("F2") : "–")}, {opinion.Delta.Value:F2}",
                opinion.Ratio is { } ratio ? Between(ratio.Ratio, ratio.Interval, Factor) : "–",
                Probability(opinion.EquivalentP),
                opinion.Bootstrap is { } bootstrap ? Between(bootstrap.Value, bootstrap.Interval, Factor) : "–",
                opinion.WithoutFlagged is { } without ? Between(without.Value, without.Interval, Factor) : "–",
            ];
        }
    }

    static string Factor(double ratio) => ratio.ToString("F5");

    static string Probability(double? value) => value is not { } p ? "–" : p < 0.001 ? p.ToString("0.0e0") : p.ToString("F3");

    public static void Append(StringBuilder page, BenchResult result, ResultConclusions conclusions, Func<string, string> escape)
    {
        string[][] rows = [.. Rows(result, conclusions)];
        if (rows.Length == 0)
            return;
        page.Append("<details><summary>By other methods</summary>\n<p class=\"dim\">Trials taken as two samples; no verdict rests on it.</p>\n").Append(HtmlReport.Scrolled("By other methods")).Append("<table>\n<thead><tr>")
            .AppendJoin("", Heads.Select((head, column) => $"<th{(column == 0 ? " class=\"name\"" : "")}>{escape(head)}</th>")).Append("</tr></thead>\n<tbody>\n")
            .AppendJoin("", rows.Select(row => $"<tr><td class=\"name\">{escape(row[0])}</td>{string.Concat(row.Skip(1).Select(cell => $"<td>{escape(cell)}</td>"))}</tr>\n")).Append("</tbody></table></div></details>\n");
    }
}
