using System.Text;

namespace Decant.Bench;

/// <summary>The explanation of a log for a terminal.</summary>
public static class ExplanationText
{
    public static string Of(LogExplanation explanation)
    {
        StringBuilder text = new();
        text.Append(explanation.Program).Append(" tells of its memory:\n\n");
        foreach (MemoryFigure figure in explanation.Figures)
        {
            WorkloadValue value = figure.Value;
            string origin = value.Scope.Length > 0 ? $", {value.Scope}" : "";
            string derived = value.Metric.DerivedFrom is null ? "" : " (derived)";
            text.Append($"  line {value.SourceLine}{origin}: {value.Metric.Name} = {ValueText.Of(value.Value, value.Metric.Unit)}{derived}\n    {figure.Explanation}\n");
        }

        text.Append('\n');
        foreach (CacheBudget budget in explanation.Budgets)
        {
            string origin = budget.Origin.Length > 0 ? $"{budget.Origin}, " : "";
            text.Append(budget.Recomputed is { } computed
                ? $"  {origin}line {budget.Line}: {budget.Formula} = {computed / Figure.GiB:F2} GiB; the log says {budget.Cache / Figure.GiB:F2} GiB, {Difference(budget)}\n"
                : $"  {origin}line {budget.Line}: the KV cache has {budget.Cache / Figure.GiB:F2} GiB, and the log does not print from what\n");
        }

        Paragraphs(text, "What that means", explanation.Meaning);
        Paragraphs(text, "What to do", explanation.Advice);
        return text.ToString();
    }

    static string Difference(CacheBudget budget) => budget.Holds == true
        ? $"{Size(budget)} apart, which is rounding: the figure is computed and not measured"
        : $"{Size(budget)} apart, which is more than rounding";

    static string Size(CacheBudget budget) => $"{Math.Abs(budget.Residual!.Value) / Figure.GiB:0.###} GiB";

    static void Paragraphs(StringBuilder text, string heading, IEnumerable<string> sentences)
    {
        text.Append('\n').Append(heading).Append(":\n");
        foreach (string sentence in sentences)
            text.Append("  - ").Append(sentence).Append('\n');
    }
}
