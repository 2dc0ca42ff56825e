namespace Decant.Bench.Tests;

public sealed class MarkdownReportTests
{
    /// <summary>What is looked at here is not in them.</summary>
    static readonly ResultConclusions Conclusions = ResultConclusions.Of(Session.Interleaved(1));

    static string Of(params IEnumerable<BenchResult> results) => MarkdownReport.Of([.. results.Select(result => (result, Conclusions))]);

    [Fact]
    public void The_trials_of_an_environment_are_bars_in_their_order_between_the_least_and_the_most_of_all()
    {
        BenchResult result = Session.Interleaved(1, blocks: 8).Each(trial => trial.With("wall", trial.Environment == "native" ? 1 + trial.Block!.Value : 8 - trial.Block!.Value));
        string text = Of(result);
        Assert.Contains("| ▁▂▃▄▅▆▇█ |", text.Split('\n').Single(line => line.StartsWith("| native", StringComparison.Ordinal)));
        Assert.Contains("| █▇▆▅▄▃▂▁ |", text.Split('\n').Single(line => line.StartsWith("| docker", StringComparison.Ordinal)));
        Assert.Contains("| ▄▄▄▄▄▄▄▄ |", Of(result.Each(trial => trial.With("wall", 3))));
        Assert.Contains("| ▄▄▄▄▄▄▄ |", Of(result.Each(trial => trial.With("wall", 3) with { Failure = trial.Number == 0 ? "x" : null })));
    }

    [Fact]
    public void Many_trials_are_at_most_forty_bars()
    {
        string line = Of(Session.Interleaved(1, blocks: 100)).Split('\n').Single(line => line.StartsWith("| native", StringComparison.Ordinal));
        Assert.InRange(line.Count("▁▂▃▄▅▆▇█".Contains), 20, 40);
    }

    [Fact]
    public void A_report_is_no_longer_than_a_comment_may_be()
    {
        BenchResult small = Session.Interleaved(1);
        BenchResult many = small with { Metrics = [.. small.Metrics, .. Enumerable.Range(0, 6000).Select(i => new Metric($"metric.{i}", "s", Direction.Neither, ""))] };
        string text = Of(small, many);
        Assert.InRange(text.Length, 1000, 65000);
        Assert.Contains("All metrics: too long for here", text);
        Assert.Contains("<summary>All metrics</summary>", text);
        Assert.InRange(Of(Enumerable.Repeat(small with { Title = new string('t', 500) }, 200)).Length, 60000, 65000);
    }
}
