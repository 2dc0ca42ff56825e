namespace Decant.Bench.Tests;

/// <summary>Summaries of loadgen's scenarios.</summary>
public class MlperfTests
{
    static WorkloadReading Read(string output) => WorkloadFormats.Named("mlperf").Read(output);

    /// <summary>These figures, and no others.</summary>
    static void Are(WorkloadReading reading, params (string Metric, double Value, string Unit, int Line)[] expected)
    {
        Assert.Null(reading.Failure);
        Assert.Equal(expected.Select(one => one.Metric).Order(), reading.Values.Select(value => value.Metric.Name).Order());
        foreach ((string metric, double value, string unit, int line) in expected)
        {
            WorkloadValue found = reading.Values.Single(one => one.Metric.Name == metric);
            Near.Golden(value, found.Value);
            Assert.Equal((metric, unit, line), (metric, found.Metric.Unit, found.SourceLine));
        }
    }

    [Fact]
    public void Offline() => Are(
        Read(Sample.Text("mlperf-offline.txt")),
        ("samples_per_second", 92.1544, "1/s", 7), ("tokens_per_second", 27803.9, "tokens/s", 8), ("latency.mean", 2653.990953659, "s", 19),
        ("latency.p50", 2653.473271079, "s", 20), ("latency.p90", 2666.658923351, "s", 21), ("latency.p95", 2666.744119966, "s", 22),
        ("latency.p99", 2666.812360394, "s", 24), ("latency.p99_9", 2666.827686961, "s", 25));

    /// <summary>A server that generates tokens tells their rate twice.</summary>
    [Fact]
    public void Server() => Are(
        Read(Sample.Text("mlperf-server.txt")),
        ("samples_per_second", 81.68, "1/s", 7), ("tokens_per_second", 24593.77, "tokens/s", 8), ("scheduled_samples_per_second", 83.90, "1/s", 22),
        ("latency.mean", 43.579602295, "s", 25), ("latency.p50", 38.401775522, "s", 26), ("latency.p90", 77.996405844, "s", 27),
        ("latency.p95", 95.155568225, "s", 28), ("latency.p99", 136.069232834, "s", 30), ("latency.p99_9", 159.705402675, "s", 31),
        ("ttft.mean", 0.918456323, "s", 36), ("ttft.p50", 0.875073063, "s", 37), ("ttft.p90", 1.449459253, "s", 38), ("ttft.p95", 1.588066947, "s", 39),
        ("ttft.p99", 1.914647645, "s", 41), ("ttft.p99_9", 2.562462764, "s", 42), ("tpot.mean", 0.144594078, "s", 46), ("tpot.p50", 0.151044504, "s", 47),
        ("tpot.p90", 0.163835875, "s", 48), ("tpot.p95", 0.169650352, "s", 49), ("tpot.p99", 0.193380124, "s", 51), ("tpot.p99_9", 0.283861040, "s", 52));

    [Fact]
    public void Single_stream()
    {
        WorkloadReading reading = Read(Sample.Text("mlperf-singlestream.txt"));
        Assert.Null(reading.Failure);
        Assert.Equal(
            [("latency.p90", 4.145546277, 34), ("ttft.p90", 1.396970160, 46), ("tpot.mean", 0.021291630, 54)],
            reading.Values.Where(value => value.Metric.Name is "latency.p90" or "ttft.p90" or "tpot.mean")
                .Select(value => (value.Metric.Name, Math.Round(value.Value, 12), value.SourceLine)).OrderBy(value => value.SourceLine));
    }

    [Theory]
    [InlineData("mlperf-offline-invalid.txt", "", "", "mlperf, line 8: the result is INVALID: Min duration satisfied : NO")]
    [InlineData("mlperf-offline.txt", "No errors encountered during test.", "3 ERRORS encountered. See detailed log.", "mlperf, line 58: 3 ERRORS encountered. See detailed log.")]
    [InlineData("mlperf-server.txt", "Result is : VALID", "", "mlperf: the line \"Result is\" is missing")]
    public void A_result_that_is_not_valid_or_has_errors_is_none(string sample, string from, string to, string failure)
    {
        string text = Sample.Text(sample);
        Assert.Equal(failure, Read(from.Length == 0 ? text : text.Replace(from, to)).Failure?.ToString());
    }
}
