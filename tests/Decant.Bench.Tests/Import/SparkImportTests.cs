using System.Text;

namespace Decant.Bench.Tests;

/// <summary>The published results of benchmark-spark as they are imported: the figures of their reanalysis, and the confounders that the audit finds by itself.</summary>
[Trait("data", "shared")]
public class SparkImportTests
{
    const double GiB = 1L << 30;

    static readonly IReadOnlyList<BenchResult> _session = ResultImport.Read("benchmark-spark-results.json", Encoding.UTF8.GetBytes(SharedData.Spark.GetRawText()));

    static BenchResult Of(string model) => Assert.Single(_session, result => result.Title.StartsWith(model, StringComparison.Ordinal));

    static double[] Values(string model, string arm, string metric, int last = 100) =>
    [
        .. Of(model).Trials.Where(trial => trial.Environment == arm).OrderBy(trial => trial.Number).TakeLast(last)
            .Select(trial => trial.Values[metric] / (metric is "peak_memory" or "kv_cache" ? GiB : 1)),
    ];

    static void Printed(double expected, double actual, int digits) => Assert.Equal(expected, actual, 0.5 * Math.Pow(10, -digits) * 1.0001);

    [Fact]
    public void Three_workloads_come_in_the_order_in_which_they_ran()
    {
        Assert.Equal(["gpt120b (openai/gpt-oss-120b)", "deepseek (deepseek-ai/DeepSeek-R1-Distill-Qwen-7B)", "qwen72b (Qwen/Qwen2.5-72B-Instruct)"], _session.Select(result => result.Title));
        Assert.All(_session, result => Assert.Equal(["native", "container"], result.Environments.Select(environment => environment.Name)));
        Assert.Equal([23, 20, 20], _session.Select(result => result.Trials.Length));
        Assert.Equal(Enumerable.Range(0, 63), _session.SelectMany(result => result.Trials).Select(trial => trial.Number).Order());
        Assert.All(_session, result => Assert.Contains("No trial has a value of latency.", result.Remarks));
        Assert.All(_session, result => Assert.Equal("output_throughput", result.Metrics[0].Name));
        Assert.NotNull(Of("qwen").Metrics.Single(metric => metric.Name == "kv_cache").DerivedFrom);
        Assert.Equal(new DateTimeOffset(2025, 11, 8, 19, 51, 54, TimeSpan.Zero), Of("gpt").Trials[0].Started);
    }

    [Theory]
    [InlineData("deepseek", "native", 10, 70.470, 0.995, 69.76, 71.18, 44.314, 119.787, 0.583)]
    [InlineData("deepseek", "container", 10, 101.300, 1.616, 100.14, 102.46, 16.567, 119.396, 0.171)]
    [InlineData("gpt120b", "native", 13, 71.722, 1.930, 70.56, 72.89, 43.186, 120.265, 0.329)]
    [InlineData("gpt120b", "container", 10, 93.429, 2.518, 91.63, 95.23, 23.651, 120.407, 0.565)]
    [InlineData("qwen72b", "native", 10, 70.030, 0.362, 69.77, 70.29, 44.711, 119.329, 0.293)]
    [InlineData("qwen72b", "container", 10, 90.019, 5.765, 85.89, 94.14, 26.720, 119.508, 0.210)]
    public void Means_and_deviations_are_as_reanalysed(
        string model, string arm, int n, double peak, double deviation, double low, double high, double cache, double throughput, double spread)
    {
        double[] peaks = Values(model, arm, "peak_memory"), throughputs = Values(model, arm, "output_throughput");
        Interval interval = TTest.OneSample(peaks).Interval;
        Assert.Equal(n, peaks.Length);
        Printed(peak, Descriptive.Mean(peaks), 3);
        Printed(deviation, Descriptive.StandardDeviation(peaks), 3);
        Printed(low, interval.Low, 2);
        Printed(high, interval.High, 2);
        Printed(cache, Descriptive.Mean(Values(model, arm, "kv_cache")), 3);
        Printed(throughput, Descriptive.Mean(throughputs), 3);
        Printed(spread, Descriptive.StandardDeviation(throughputs), 3);
    }

    [Fact]
    public void The_last_ten_native_runs_of_gpt120b_are_as_reanalysed()
    {
        double[] peaks = Values("gpt120b", "native", "peak_memory", 10), throughputs = Values("gpt120b", "native", "output_throughput", 10);
        Printed(70.853, Descriptive.Mean(peaks), 3);
        Printed(1.141, Descriptive.StandardDeviation(peaks), 3);
        Printed(43.968, Descriptive.Mean(Values("gpt120b", "native", "kv_cache", 10)), 3);
        Printed(120.160, Descriptive.Mean(throughputs), 3);
        Printed(0.286, Descriptive.StandardDeviation(throughputs), 3);
    }

    [Theory]
    [InlineData("deepseek", 30.83, 29.55, 32.11, 30.73, 29.71, 31.66, 23.0)]
    [InlineData("gpt120b", 22.58, 20.68, 24.47, 22.19, 20.74, 23.03, 11.5)]
    [InlineData("qwen72b", 19.99, 15.86, 24.12, 17.43, 16.26, 22.24, 4.9)]
    public void The_gap_in_memory_is_as_reanalysed(string model, double difference, double low, double high, double shift, double from, double to, double d)
    {
        double[] container = Values(model, "container", "peak_memory"), native = Values(model, "native", "peak_memory", 10);
        TTest welch = TTest.Welch(container, native);
        ShiftEstimate estimate = RankSum.Estimate(container, native);
        Assert.Equal([difference, low, high], new[] { welch.Difference, welch.Interval.Low, welch.Interval.High }, (a, b) => Math.Abs(a - b) <= 0.00501);
        Assert.Equal([shift, from, to], new[] { estimate.Value, estimate.Interval.Low, estimate.Interval.High }, (a, b) => Math.Abs(a - b) <= 0.00501);
        Printed(d, EffectSize.CohenD(container, native), 1);
        Assert.Equal(1, CliffDelta.Of(container, native).Value);
        Printed(1.1, RankSum.Test(container, native).P * 1e5, 1);
    }

    [Theory]
    [InlineData("deepseek", 0.99675, 0.99322, 1.00029, 8.1e-4)]
    [InlineData("gpt120b", 1.00205, 0.99847, 1.00564, 1.7e-4)]
    [InlineData("qwen72b", 1.00150, 0.99948, 1.00353, 5.9e-8)]
    public void Throughputs_are_as_reanalysed(string model, double ratio, double low, double high, double p)
    {
        double[] container = Values(model, "container", "output_throughput"), native = Values(model, "native", "output_throughput", 10);
        Estimate estimate = UnpairedComparison.Of(container, native).Ratio;
        Printed(ratio, estimate.Value, 5);
        Printed(low, estimate.Interval.Low, 5);
        Printed(high, estimate.Interval.High, 5);
        double margin = 0.01 * Descriptive.Mean(native);
        Near.Relative(p, EquivalenceTest.Welch(container, native, -margin, margin).P, 0.02);
    }

    static double[] Pooled(string arm, string metric) => [.. ((string[])["gpt120b", "deepseek", "qwen72b"]).SelectMany(model => Values(model, arm, metric))];

    [Fact]
    public void All_trials_together_are_as_reanalysed()
    {
        TTest memory = TTest.Welch(Pooled("container", "peak_memory"), Pooled("native", "peak_memory"));
        Assert.Equal([24.09, 21.79, 26.39], new[] { memory.Difference, memory.Interval.Low, memory.Interval.High }, (a, b) => Math.Abs(a - b) <= 0.00501);
        double[] container = Pooled("container", "output_throughput"), native = Pooled("native", "output_throughput");
        Assert.Equal((30, 33), (container.Length, native.Length));
        RatioOfMeans ratio = RatioOfMeans.Of(container, native)!;
        Printed(-0.055, 100 * (ratio.Ratio - 1), 3);
        Printed(-0.295, 100 * (ratio.Interval.Low - 1), 3);
        Printed(0.185, 100 * (ratio.Interval.High - 1), 3);
        double margin = 0.01 * Descriptive.Mean(native);
        Near.Relative(4e-11, EquivalenceTest.Welch(container, native, -margin, margin).P, 0.13);
    }

    [Fact]
    public void The_report_has_the_figures_of_the_reanalysis()
    {
        IReadOnlyList<ResultConclusions> conclusions = ResultConclusions.Of(_session, 0);
        string page = System.Net.WebUtility.HtmlDecode(HtmlReport.Of([.. _session.Zip(conclusions)]));
        foreach (string figure in (string[])
        [
            "101.3 GiB ± 1.616 GiB (100.1 GiB – 102.5 GiB), n = 10", "70.47 GiB ± 1019 MiB (69.76 GiB – 71.18 GiB), n = 10", "+30.83 GiB (+29.55 GiB … +32.11 GiB)", "+30.73 GiB (+29.71 GiB … +31.66 GiB)",
            "1.1e-5", "0.99674 (0.99321 … 1.00029)", "of the last 10 native's peak_memory is 70.85 GiB, of all 71.72 GiB", "+22.58 GiB (+20.68 GiB to +24.47 GiB)",
            "by +24.09 GiB (+21.79 GiB to +26.39 GiB) over all trials, and by +24.47 GiB (+10.40 GiB to +38.53 GiB), p = 0.017, with the 3 workloads as its blocks",
        ])
            Assert.Contains(figure, page);
        Assert.Equal(["output_throughput", "peak_memory"], conclusions[1].Verdicts.Select(verdict => verdict.Question.Metric));
    }

    [Fact]
    public void Three_blocks_are_the_honest_number_of_repetitions()
    {
        double[] Means(string arm, string metric) => [.. ((string[])["gpt120b", "deepseek", "qwen72b"]).Select(model => Descriptive.Mean(Values(model, arm, metric, 10)))];
        TTest memory = TTest.OneSample(BlockDifferences.Raw(Means("container", "peak_memory"), Means("native", "peak_memory")).Values.AsSpan());
        Printed(24.5, memory.Difference, 1);
        Printed(10.4, memory.Interval.Low, 1);
        Printed(38.5, memory.Interval.High, 1);
        Printed(7.48, memory.T, 2);
        Printed(0.017, memory.P, 3);
        Assert.Equal(2, memory.Df);
        double native = Descriptive.Mean(Means("native", "output_throughput"));
        TTest throughput = TTest.OneSample(BlockDifferences.Raw(Means("container", "output_throughput"), Means("native", "output_throughput")).Values.AsSpan());
        Printed(0.01, 100 * throughput.Difference / native, 2);
        Printed(-0.72, 100 * throughput.Interval.Low / native, 2);
        Printed(0.74, 100 * throughput.Interval.High / native, 2);
    }

    [Fact]
    public void The_containers_blocks_differ_more_than_their_trials()
    {
        VarianceComponents container = VarianceComponents.Of([.. ((string[])["gpt120b", "deepseek", "qwen72b"]).Select(model => Values(model, "container", "peak_memory", 10))]);
        VarianceComponents native = VarianceComponents.Of([.. ((string[])["gpt120b", "deepseek", "qwen72b"]).Select(model => Values(model, "native", "peak_memory", 10))]);
        Printed(23.8, 10 * container.RunMeans / container.WithinRuns, 1);
        Printed(5.8, Math.Sqrt(container.RunMeans), 1);
        Printed(0.4, Math.Sqrt(native.RunMeans), 1);
    }

    static Threat[] Threats(string id) => [.. ThreatsToValidity.Of(_session).Where(threat => threat.Id == id)];

    [Fact]
    public void The_audit_sees_that_the_order_was_blocked()
    {
        Assert.Equal(3, Threats("blocked-order").Length);
        Threat threat = Threats("blocked-order")[0];
        Assert.Equal(ThreatSeverity.Disqualifying, threat.Severity);
        Assert.Equal("in order of execution: native 13×, container 10×; the whole session: native 13×, container 10×, native 10×, container 10×, native 10×, container 10×", threat.Evidence);
    }

    [Fact]
    public void The_audit_sees_the_drift()
    {
        Assert.Contains(Threats("drift"), threat => threat.Workload!.StartsWith("qwen", StringComparison.Ordinal) && threat.Sentence.StartsWith("The peak_memory of", StringComparison.Ordinal) && threat.Evidence.Contains("container: a trend"));
        Assert.Contains(Threats("drift"), threat => threat.Workload!.StartsWith("deepseek", StringComparison.Ordinal) && threat.Sentence.StartsWith("The output_throughput of native", StringComparison.Ordinal) && threat.Evidence.Contains("autocorrelation 0.70"));
        Assert.DoesNotContain(Threats("drift"), threat => threat.Sentence.StartsWith("The throughput", StringComparison.Ordinal));
        Assert.All(Threats("drift"), threat => Assert.Equal(ThreatSeverity.Disqualifying, threat.Severity));
    }

    [Fact]
    public void The_audit_sees_what_carries_over_from_arm_to_arm() => Assert.Contains(Threats("carry-over"), threat => threat.Sentence.Contains("peak_memory"));

    [Fact]
    public void The_audit_sees_the_pooled_runs()
    {
        string evidence = Assert.Single(Threats("pooled-runs")).Evidence;
        Assert.StartsWith("native has iteration 1 4 times (19:51, 20:19, 20:39, 21:46); ", evidence);
        Assert.Contains("; of the last 10 native's peak_memory is 70.85 GiB, of all 71.72 GiB, and container differs by +22.58 GiB (+20.68 GiB to +24.47 GiB)", evidence);
        Assert.Equal("native 13, container 10", Assert.Single(Threats("unequal-trials")).Evidence);
    }

    [Fact]
    public void The_audit_sees_that_cache_and_peak_are_one_number()
    {
        Assert.Equal(2, Threats("one-number").Length);
        Assert.Equal("throughput and output_throughput are one measurement, not two: throughput = 0.00781·output_throughput.", Threats("one-number")[0].Sentence);
        Threat threat = Threats("one-number")[1];
        Assert.Equal("kv_cache and peak_memory are one measurement, not two: kv_cache = 0.9·(119.7 GiB − peak_memory).", threat.Sentence);
    }

    [Fact]
    public void The_audit_sees_that_three_models_were_one()
    {
        Threat threat = Assert.Single(Threats("same-workload"));
        Assert.Contains("native: 120.3 tokens/s, 119.8 tokens/s and 119.3 tokens/s", threat.Evidence);
        Assert.Contains("share a total of 119.7 GiB, 119.7 GiB and 119.7 GiB", threat.Evidence);
        Assert.Contains("container's peak_memory varies between them by 5.786 GiB", threat.Evidence);
        Assert.Contains("F(2, 27) = 23.8", threat.Evidence);
    }

    [Fact]
    public void The_audit_sees_that_the_container_did_more()
    {
        Threat threat = Assert.Single(Threats("cycle-time"));
        Assert.StartsWith("From start to start a trial of container takes 121 s longer than one of native", threat.Sentence);
        Assert.Equal("container 903.5 s, native 782.4 s; 95 % interval of the difference 113.0 to 129.3 s", threat.Evidence);
    }

    [Fact]
    public void The_audit_does_not_see_what_is_not_there()
    {
        Assert.Empty(Threats("start-temperature"));
        Assert.Empty(Threats("failed-trials"));
        Assert.Empty(Threats("missing-values"));
        Assert.Empty(Threats("few-trials"));
    }
}
