namespace Decant.Bench.Tests;

/// <summary>Files that servers' benchmarks wrote, as they were found; each figure is the file's own, in s and tokens/s.</summary>
public class ServingOutputsTests
{
    static WorkloadReading Text(string format, string output) => WorkloadFormats.Named(format).Read(output);

    static string Failure(string format, string output)
    {
        WorkloadReading reading = Text(format, output);
        Assert.Empty(reading.Values);
        return reading.Failure!.ToString();
    }

    /// <summary>These figures, and no others.</summary>
    static void Are(WorkloadReading reading, params (string Metric, double Value, int Line)[] expected)
    {
        Assert.Null(reading.Failure);
        Assert.Equal(expected.Select(one => one.Metric).Order(), reading.Values.Select(value => value.Metric.Name).Order());
        foreach ((string metric, double value, int line) in expected)
        {
            WorkloadValue found = reading.Values.Single(one => one.Metric.Name == metric);
            Near.Golden(value, found.Value);
            Assert.Equal((metric, line), (metric, found.SourceLine));
            Assert.Equal(metric.EndsWith("_throughput", StringComparison.Ordinal) || metric.Contains("_throughput.", StringComparison.Ordinal), found.Metric.Direction == Direction.HigherIsBetter);
        }
    }

    static string Edited(string sample, string from, string to)
    {
        string text = Sample.Text(sample);
        Assert.Contains(from, text);
        return text.Replace(from, to);
    }

    [Fact]
    public void Report_of_trtllm_bench()
    {
        Are(
            Text("trtllm-bench", Sample.Text("trtllm-bench.json")),
            ("duration", 7.140451794, 38), ("request_latency.mean", 0.07138609813, 39), ("request_throughput", 14.004716071891739, 40),
            ("output_throughput", 560.1886428756695, 41), ("token_throughput", 672.2263714508035, 42), ("output_throughput.per_user", 560.9256833293117, 43),
            ("output_throughput.per_gpu", 560.1886428756695, 44), ("request_latency.p50", 0.070398867, 46), ("request_latency.p90", 0.07490364699999999, 47),
            ("request_latency.p95", 0.07801866199999999, 48), ("request_latency.p99", 0.081293115, 49), ("tpot.p50", 0.001715242, 60),
            ("tpot.p90", 0.0017470972051282052, 61), ("tpot.p95", 0.0017590695384615385, 62), ("tpot.p99", 0.001795886358974359, 63),
            ("tpot.mean", 0.0017157544246153844, 66), ("ttft.p50", 0.003474224, 69), ("ttft.p90", 0.00802327, 70), ("ttft.p95", 0.011378414999999999, 71),
            ("ttft.p99", 0.014128682999999999, 72), ("ttft.mean", 0.00447167557, 75));
        Assert.Equal(
            "trtllm-bench, line 37: $.performance has no request_throughput_req_s",
            Failure("trtllm-bench", Edited("trtllm-bench.json", "\"request_throughput_req_s\"", "\"other\"")));
    }

    [Fact]
    public void File_of_vllm_bench_serve()
    {
        WorkloadReading reading = Text("vllm-bench", Sample.Text("vllm-bench.json"));
        Are(
            reading, ("duration", 1.3653671270003542, 12), ("request_throughput", 5.859229976904171, 17), ("output_throughput", 93.74767963046673, 19),
            ("token_throughput", 281.2430388914002, 20), ("output_throughput.peak", 75, 21), ("ttft.mean", 0.21727289337468392, 24),
            ("ttft.median", 0.04492285849846667, 25), ("ttft.p99", 0.7624942294094944, 27), ("tpot.mean", 0.008204553624697533, 28),
            ("tpot.median", 0.008323490332986694, 29), ("tpot.p99", 0.009394318119331729, 31), ("itl.mean", 0.008204563008257537, 32),
            ("itl.median", 0.007372754000243731, 33), ("itl.p99", 0.02226501848665066, 35), ("request_latency.mean", 0.3403411977451469, 36),
            ("request_latency.median", 0.16647808399284258, 37), ("request_latency.p99", 0.8768009717071254, 39));
        Assert.Equal(["s", "1/s", "tokens/s"], reading.Values.Take(3).Select(value => value.Metric.Unit));
    }

    [Theory]
    [InlineData("\"failed\": 0", "\"failed\": 1", "line 14: $.failed says that 1 requests failed")]
    [InlineData("\"completed\": 8,\n    \"failed\": 0", "\"completed\": 7", "line 13: $.completed says that 7 of 8 requests were completed")]
    [InlineData("\"run_number\": 0", "\"errors\": [\"\", \"timeout\"]", "line 40: $.errors[1] is the error of a request: timeout")]
    [InlineData("\"output_throughput\"", "\"other\"", "line 1: $ has no output_throughput")]
    [InlineData("93.74767963046673", "NaN", "line 19: $.output_throughput is no number: NaN")]
    public void A_file_of_vllm_that_tells_of_failures_or_lacks_a_figure_gives_none(string from, string to, string failure) =>
        Assert.Equal($"vllm-bench, {failure}", Failure("vllm-bench", Edited("vllm-bench.json", from, to)));

    [Fact]
    public void A_run_of_vllm_in_which_every_request_failed_gives_no_figures() =>
        Assert.Equal("vllm-bench, line 1: $.completed says that no request was completed", Failure("vllm-bench", Sample.Text("vllm-bench-failed.json")));

    /// <summary>Its request rate has no limit, which Python writes as Infinity.</summary>
    [Fact]
    public void Line_of_sglang()
    {
        Are(
            Text("sglang-bench", Sample.Text("sglang-bench.jsonl")),
            ("duration", 1.9711186867207289, 1), ("request_throughput", 25.36630611684931, 1), ("input_throughput", 1531.6175633353612, 1),
            ("output_throughput", 710.7638973941176, 1), ("token_throughput", 2242.381460729479, 1), ("request_latency.mean", 0.3068716875091195, 1),
            ("request_latency.median", 0.22348943213000894, 1), ("request_latency.p99", 0.9732989947218446, 1), ("ttft.mean", 0.11528786353766918, 1),
            ("ttft.median", 0.033528951462358236, 1), ("ttft.p99", 0.5992950061988086, 1), ("tpot.mean", 0.006627540826841212, 1),
            ("tpot.median", 0.006960440116624038, 1), ("tpot.p99", 0.011207634611402517, 1), ("itl.mean", 0.007067802402786029, 1),
            ("itl.median", 0.0036471011117100716, 1), ("itl.p95", 0.021319825435057282, 1), ("itl.p99", 0.02467247089371085, 1));
        WorkloadReading newer = Text("sglang-bench", Edited("sglang-bench.jsonl", "\"accept_length\": null", "\"accept_length\": 2.58, \"max_output_tokens_per_s\": 119.0"));
        Assert.Equal(["output_throughput.peak", "accept_length"], newer.Values.Where(value => value.Value is 2.58 or 119).Select(value => value.Metric.Name));
        Assert.Equal("sglang-bench, line 1: $.p95_itl_ms is no number: -Infinity", Failure("sglang-bench", Edited("sglang-bench.jsonl", "21.319825435057282", "-Infinity")));
        Assert.Null(Text("sglang-bench", Edited("sglang-bench.jsonl", "\"tag\": \"agg", "\"tag\": \"a \\\" NaN, -Infinity\\\\")).Failure);
        Assert.StartsWith("sglang-bench, line 2: the file has 2 results", Failure("sglang-bench", Sample.Text("sglang-bench.jsonl") + Sample.Text("sglang-bench.jsonl")));
    }

    [Fact]
    public void Export_of_AIPerf()
    {
        string file = Sample.Text("aiperf.json");
        // AIPerf 0.1 had the same metrics one level deeper.
        foreach (string json in (string[])[file, $"{{\"records\":{file}}}"])
        {
            WorkloadReading reading = Text("aiperf", json);
            Assert.Null(reading.Failure);
            // 27 metrics of requests with five figures each, and nine of the run.
            Assert.Equal((27 * 5) + 9, reading.Values.Length);
            foreach ((string metric, double value, string unit, Direction direction, int line) in ((string, double, string, Direction, int)[])
            [
                ("request_throughput", 2.156207775934887, "1/s", Direction.HigherIsBetter, 7), ("request_latency.mean", 6.726664069072916, "s", Direction.LowerIsBetter, 11),
                ("request_latency.p99", 18.6254480323, "s", Direction.LowerIsBetter, 20), ("request_count", 96, "", Direction.Neither, 29),
                ("time_to_first_token.mean", 0.23013715230208334, "s", Direction.LowerIsBetter, 33), ("time_to_first_token.p50", 0.177785533, "s", Direction.LowerIsBetter, 38),
                ("time_to_first_token.p90", 0.3967312765, "s", Direction.LowerIsBetter, 40), ("time_to_first_token.p95", 0.6720477902499999, "s", Direction.LowerIsBetter, 41),
                ("time_to_first_token.p99", 0.6876198782499999, "s", Direction.LowerIsBetter, 42), ("inter_token_latency.p99", 0.013272469915788289, "s", Direction.LowerIsBetter, 78),
                ("output_token_throughput", 1172.145991694937, "tokens/s", Direction.HigherIsBetter, 87),
                ("output_token_throughput_per_user.p50", 81.65940861335487, "tokens/s", Direction.HigherIsBetter, 96),
                ("output_sequence_length.mean", 543.6145833333334, "tokens", Direction.Neither, 109), ("benchmark_duration", 44.52261098, "s", Direction.LowerIsBetter, 185),
                ("http_req_data_sent.mean", 15404.989583333334, "B", Direction.Neither, 451), ("total_token_throughput", 9282.317251916027, "tokens/s", Direction.HigherIsBetter, 617),
            ])
            {
                WorkloadValue found = reading.Values.Single(one => one.Metric.Name == metric);
                Near.Golden(value, found.Value);
                Assert.Equal((metric, unit, direction, line), (metric, found.Metric.Unit, found.Metric.Direction, found.SourceLine));
            }
        }
    }

    [Fact]
    public void Export_of_GenAI_Perf()
    {
        WorkloadReading reading = Text("aiperf", Sample.Text("genai-perf.json"));
        Assert.Null(reading.Failure);
        // Six metrics of requests with five figures each, and two of the run.
        Assert.Equal((6 * 5) + 2, reading.Values.Length);
        foreach ((string metric, double value, string unit, Direction direction, int line) in ((string, double, string, Direction, int)[])
        [
            ("request_throughput", 12.222026283281268, "1/s", Direction.HigherIsBetter, 4), ("request_latency.mean", 0.0816942623143508, "s", Direction.LowerIsBetter, 8),
            ("time_to_first_token.p99", 0.02904731652, "s", Direction.LowerIsBetter, 22), ("output_token_throughput", 217.1010500160076, "tokens/s", Direction.HigherIsBetter, 47),
            ("output_token_throughput_per_request.p50", 214.42163973683745, "tokens/s", Direction.HigherIsBetter, 56), ("num_output_token.mean", 17.763097949886106, "tokens", Direction.Neither, 64),
        ])
        {
            WorkloadValue found = reading.Values.Single(one => one.Metric.Name == metric);
            Near.Golden(value, found.Value);
            Assert.Equal((metric, unit, direction, line), (metric, found.Metric.Unit, found.Metric.Direction, found.SourceLine));
        }
    }

    [Theory]
    [InlineData("\"was_cancelled\": false", "\"was_cancelled\": true", "$.was_cancelled says that the run was cancelled")]
    [InlineData("\"was_cancelled\": false,\n  \"error_summary\": []", "\"error_summary\": [{\"count\": 10}]", "$.error_summary tells of errors")]
    [InlineData("\"osl_mismatch_count\"", "\"error_request_count\"", "$.error_request_count.avg says that 96.0 requests failed")]
    [InlineData("2.156207775934887", "\"none\"", "$.request_throughput.avg is no number: none")]
    public void An_export_of_AIPerf_that_tells_of_failures_gives_no_figures(string from, string to, string failure) =>
        Assert.Contains(failure, Failure("aiperf", Edited("aiperf.json", from, to)));
}
