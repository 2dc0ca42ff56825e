namespace Decant.Bench;

/// <summary>What is asked, declared before the measurement: one metric of one arm against another.</summary>
/// <param name="Metric">"wall".</param>
/// <param name="Subject">"docker"; <paramref name="Baseline"/>: "native".</param>
/// <param name="Margin">The differences that do not matter.</param>
public sealed record Question(string Metric, string Subject, string Baseline, EquivalenceMargin Margin)
{
    /// <summary>The metric in a sentence: "wall time".</summary>
    public string Label => BuiltInMetrics.Label(Metric);
}
