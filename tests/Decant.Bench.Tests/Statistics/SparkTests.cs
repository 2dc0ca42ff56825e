namespace Decant.Bench.Tests;

/// <summary>The published results of benchmark-spark, whose reanalysis is known to the digits given here.</summary>
[Trait("data", "shared")]
public class SparkTests
{
    sealed record Row(string Time, double Peak, double Throughput);

    static Row[] Rows(string model, string arm) =>
    [
        .. SharedData.Spark.GetProperty("models").GetProperty(model).GetProperty(arm).EnumerateArray()
            .Select(row => new Row(row.GetProperty("timestamp").GetString()!, row.Number("peak_memory"), row.Number("output_throughput")))
            .OrderBy(row => row.Time, StringComparer.Ordinal).TakeLast(10),
    ];

    static double[] Peaks(string model, string arm) => [.. Rows(model, arm).Select(row => row.Peak)];

    static double[] Throughputs(string model, string arm) => [.. Rows(model, arm).Select(row => row.Throughput)];

    [Theory]
    [InlineData("deepseek", 30.83, 29.55, 32.11, 30.73, 29.71, 31.66, 23.0)]
    [InlineData("gpt120b", 22.58, 20.68, 24.47, 22.19, 20.74, 23.03, 11.55)]
    [InlineData("qwen72b", 19.99, 15.86, 24.12, 17.43, 16.26, 22.24, 4.9)]
    public void The_gap_in_memory_is_as_reanalysed(string model, double difference, double low, double high, double shift, double from, double to, double d)
    {
        double[] container = Peaks(model, "container"), native = Peaks(model, "native");
        TTest welch = TTest.Welch(container, native);
        ShiftEstimate estimate = RankSum.Estimate(container, native);
        Assert.Equal([difference, low, high], new[] { welch.Difference, welch.Interval.Low, welch.Interval.High }, (a, b) => Math.Abs(a - b) <= 0.0051);
        Assert.Equal([shift, from, to], new[] { estimate.Value, estimate.Interval.Low, estimate.Interval.High }, (a, b) => Math.Abs(a - b) <= 0.0051);
        Assert.Equal(d, EffectSize.CohenD(container, native), 0.05001);
        Assert.Equal(1, CliffDelta.Of(container, native).Value);
        Assert.Equal(2 / 184756.0, RankSum.Test(container, native).P, 1e-15);
    }

    [Theory]
    [InlineData("deepseek", 0.99675, 0.99322, 1.00029)]
    [InlineData("gpt120b", 1.00205, 0.99847, 1.00564)]
    [InlineData("qwen72b", 1.00150, 0.99948, 1.00353)]
    public void Throughputs_are_equivalent_within_one_percent(string model, double ratio, double low, double high)
    {
        UnpairedComparison comparison = UnpairedComparison.Of(Throughputs(model, "container"), Throughputs(model, "native"));
        // Published from Fieller's interval, which agrees to these digits where spreads are this small.
        Assert.Equal([ratio, low, high], new[] { comparison.Ratio.Value, comparison.Ratio.Interval.Low, comparison.Ratio.Interval.High }, (a, b) => Math.Abs(a - b) <= 3e-5);
        Assert.Equal(VerdictKind.Equivalent, Verdict.Of(new Question("throughput", "container", "native", EquivalenceMargin.Percent(1)), comparison).Kind);
    }

    [Theory]
    [InlineData("gpt120b", -0.53, 0.16)]
    [InlineData("deepseek", -0.55, 0.47)]
    [InlineData("qwen72b", -0.67, 0.56)]
    public void The_containers_memory_falls_from_run_to_run(string model, double spearman, double lag1)
    {
        double[] peaks = Peaks(model, "container");
        double[] order = [.. Enumerable.Range(0, peaks.Length).Select(i => (double)i)];
        Assert.Equal(spearman, Correlation.Spearman(peaks, order), 0.00501);
        Assert.Equal(lag1, Correlation.Lag1(peaks), 0.00501);
        Assert.True(Trend.Of(peaks).Slope < 0);
    }

    [Fact]
    public void The_blocked_order_makes_a_huge_gap_inconclusive()
    {
        double[] container = Peaks("qwen72b", "container"), native = Peaks("qwen72b", "native");
        Verdict naive = Verdict.Of(new Question("peak memory", "container", "native", EquivalenceMargin.Percent(2)), UnpairedComparison.Of(container, native));
        bool interleaved = BlockOrder.IsInterleaved([.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 10)]);
        Verdict careful = naive.Given(DriftCheck.Of(container), DriftCheck.Of(native), interleaved);
        Assert.Equal(VerdictKind.DifferentAndRelevant, naive.Kind);
        Assert.Equal(VerdictKind.Inconclusive, careful.Kind);
        Assert.StartsWith("Inconclusive, as the arms were not measured in turn and container shows ", careful.Sentence);
    }
}
