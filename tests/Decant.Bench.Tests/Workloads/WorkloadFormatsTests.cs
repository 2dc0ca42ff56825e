using CsCheck;
using Decant.Linux;

namespace Decant.Bench.Tests;

public class WorkloadFormatsTests
{
    const double GiB = 1L << 30, MiB = 1L << 20;

    static WorkloadReading Text(string format, string output) => WorkloadFormats.Named(format).Read(output);

    static WorkloadReading Read(string format, string sample) => Text(format, Sample.Text(sample));

    static void Has(WorkloadReading reading, string metric, double value, string unit, int line)
    {
        Assert.Null(reading.Failure);
        WorkloadValue found = Assert.Single(reading.Values, one => one.Metric.Name == metric);
        Near.Golden(value, found.Value);
        Assert.Equal((unit, line), (found.Metric.Unit, found.SourceLine));
    }

    static string Failure(WorkloadReading reading)
    {
        Assert.Empty(reading.Values);
        return reading.Failure!.ToString();
    }

    [Theory]
    [InlineData("trtllm-bench.txt", "trtllm-bench")]
    [InlineData("trtllm-bench.json", "trtllm-bench")]
    [InlineData("trtllm-log.txt", "trtllm-log")]
    [InlineData("vllm-bench.txt", "vllm-bench")]
    [InlineData("vllm-bench.json", "vllm-bench")]
    [InlineData("vllm-log.txt", "vllm-log")]
    [InlineData("vllm-log-new.txt", "vllm-log")]
    [InlineData("sglang-bench.txt", "sglang-bench")]
    [InlineData("sglang-bench.jsonl", "sglang-bench")]
    [InlineData("llama-bench.json", "llama-bench")]
    [InlineData("aiperf.json", "aiperf")]
    [InlineData("llama-bench.csv", "llama-bench")]
    [InlineData("llama-bench.jsonl", "llama-bench")]
    [InlineData("llama-bench.sql", "llama-bench")]
    [InlineData("llama-bench.md.txt", "llama-bench")]
    [InlineData("mlperf.txt", "mlperf")]
    [InlineData("mlperf-offline.txt", "mlperf")]
    [InlineData("torch-benchmark.txt", "torch-benchmark")]
    [InlineData("stream.txt", "stream")]
    [InlineData("osu-latency.txt", "osu")]
    [InlineData("hpl.txt", "hpl")]
    [InlineData("nccl-tests.txt", "nccl-tests")]
    [InlineData("fio.json", "fio")]
    [InlineData("sysbench-cpu.txt", "sysbench")]
    [InlineData("hyperfine.json", "hyperfine")]
    [InlineData("pyperf.json", "pyperf")]
    [InlineData("benchmarkdotnet-full.json", "benchmarkdotnet")]
    [InlineData("google-benchmark.json", "google-benchmark")]
    public void A_format_is_told_by_its_output(string sample, string format) =>
        Assert.Equal([format], WorkloadFormats.Detect(Sample.Text(sample)).Select(one => one.Name));

    [Fact]
    public void A_format_that_is_not_there_is_refused_with_the_names_of_those_that_are() =>
        Assert.Contains("stream, osu, hpl", Assert.Throws<DecantException>(() => WorkloadFormats.Named("linpack")).Fix);

    [Fact]
    public void Text_of_trtllm_bench()
    {
        WorkloadReading reading = Read("trtllm-bench", "trtllm-bench.txt");
        Has(reading, "request_throughput", 43.2089, "1/s", 4);
        Has(reading, "output_throughput", 5530.7382, "tokens/s", 5);
        Has(reading, "duration", 115.7169214, "s", 9);
        Has(reading, "ttft.mean", 52.6670339, "s", 12);
        Has(reading, "tpot.p99", 0.2065821, "s", 23);
        Has(reading, "request_latency.p99", 111.6182158, "s", 40);
        Assert.Equal(Direction.HigherIsBetter, reading.Values[0].Metric.Direction);
    }

    [Fact]
    public void A_line_that_is_missing_or_comes_twice_is_a_failure()
    {
        string whole = Sample.Text("trtllm-bench.txt");
        Assert.Equal("trtllm-bench: the line \"Total Latency (ms)\" is missing", Failure(Text("trtllm-bench", whole.Replace("Total Latency (ms):", "Total:"))));
        Assert.StartsWith("trtllm-bench, line 47: \"Request Throughput (req/sec)\" comes 2 times, first in line 4", Failure(Text("trtllm-bench", whole + whole)));
        Assert.Equal("trtllm-bench, line 5: NaN is no measured value", Failure(Text("trtllm-bench", whole.Replace("             5530.7382\nPer User", " NaN\nPer User"))));
        Assert.Equal("trtllm-bench, line 5: 5530,7382 is no number", Failure(Text("trtllm-bench", whole.Replace("             5530.7382\nPer User", " 5530,7382\nPer User"))));
    }

    [Fact]
    public void Memory_in_the_log_of_TensorRT_LLM_is_derived_from_what_is_free()
    {
        WorkloadReading reading = Read("trtllm-log", "trtllm-log.txt");
        Has(reading, "memory.device_used", 91.46 * GiB, "B", 2);
        Has(reading, "kv_cache", 41.11 * GiB, "B", 2);
        Has(reading, "kv_cache.tokens", 524288, "tokens", 3);
        Assert.All(reading.Values, value => Assert.NotNull(value.Metric.DerivedFrom));
        Assert.Equal("profiling", reading.Values[0].Phase);
    }

    [Fact]
    public void Ranks_have_metrics_of_their_own()
    {
        string line = Sample.Text("trtllm-log.txt").Split('\n')[1];
        WorkloadReading reading = Text("trtllm-log", line.Replace("[I]", "[RANK 0] [I]") + "\n" + line.Replace("[I]", "[RANK 1] [I]").Replace("41.11", "41.05"));
        Has(reading, "kv_cache.rank_0", 41.11 * GiB, "B", 1);
        Has(reading, "kv_cache.rank_1", 41.05 * GiB, "B", 2);
        Assert.Equal("trtllm-log, line 2: memory.device_used comes a second time, so it is open which one counts", Failure(Text("trtllm-log", line + "\n" + line.Replace("91.46", "91.40"))));
        Assert.Null(Text("trtllm-log", line + "\n" + line).Failure);
    }

    [Fact]
    public void Memory_in_the_log_of_vLLM_is_derived_from_what_is_free()
    {
        WorkloadReading old = Read("vllm-log", "vllm-log.txt"), recent = Read("vllm-log", "vllm-log-new.txt");
        Has(old, "memory.torch_weights", 14.9888 * GiB, "B", 1);
        Has(old, "memory.outside_torch", 0.35 * GiB, "B", 4);
        Has(old, "kv_cache", 54.62 * GiB, "B", 5);
        Has(old, "kv_cache.tokens", 447088, "tokens", 6);
        Has(recent, "kv_cache", 0.56 * GiB, "B", 2);
        Assert.NotNull(recent.Values[1].Metric.DerivedFrom);
        WorkloadReading workers = Text("vllm-log", "(VllmWorker rank=0 pid=1) Available KV cache memory: 8.11 GiB\n(VllmWorker rank=1 pid=2) Available KV cache memory: 8.05 GiB");
        Assert.Equal(["kv_cache.vllmworker_rank_0", "kv_cache.vllmworker_rank_1"], workers.Values.Select(value => value.Metric.Name));
        Assert.Equal("vllm-log, line 5: nothing was left for the KV cache: -7.83 GiB", Failure(Text("vllm-log", Sample.Text("vllm-log.txt").Replace("54.62GiB", "-7.83GiB"))));
    }

    [Fact]
    public void Text_of_vllm_bench_serve()
    {
        WorkloadReading reading = Read("vllm-bench", "vllm-bench.txt");
        Has(reading, "output_throughput", 434.4, "tokens/s", 11);
        Has(reading, "token_throughput", 868.8, "tokens/s", 12);
        Has(reading, "ttft.p99", 10.99946, "s", 16);
        Has(reading, "itl.median", 0.06815, "s", 23);
        Assert.Equal("vllm-bench, line 7: requests failed: 3", Failure(Text("vllm-bench", Sample.Text("vllm-bench.txt").Replace("Benchmark duration", "Failed requests: 3\nBenchmark duration"))));
        Assert.StartsWith("vllm-bench, line 6: no request was successful", Failure(Text("vllm-bench", Sample.Text("vllm-bench.txt").Replace("Successful requests:                     32", "Successful requests: 0"))));
    }

    [Fact]
    public void Output_of_sglang()
    {
        WorkloadReading reading = Read("sglang-bench", "sglang-bench.txt");
        Has(reading, "output_throughput.peak", 119, "tokens/s", 15);
        Has(reading, "accept_length", 2.58, "tokens", 19);
        Has(reading, "request_latency.median", 3.86917, "s", 22);
    }

    [Fact]
    public void Tables_of_llama_bench()
    {
        WorkloadReading table = Read("llama-bench", "llama-bench.md.txt");
        Assert.Equal(["pp512.tokens_per_second", "tg128.tokens_per_second", "pp512.d512.tokens_per_second", "tg128.d512.tokens_per_second"], table.Values.Select(value => value.Metric.Name));
        Has(Read("llama-bench", "llama-bench-threads.md.txt"), "tg16.threads_2.tokens_per_second", 7.80, "tokens/s", 6);
    }

    [Fact]
    public void Summary_of_MLPerf()
    {
        WorkloadReading reading = Read("mlperf", "mlperf.txt");
        Has(reading, "latency.p90", 4.75192083, "s", 7);
        Has(reading, "latency.p99", 5.92720948, "s", 30);
        Assert.Equal("mlperf, line 8: the result is INVALID: Early stopping satisfied: NO", Failure(Read("mlperf", "mlperf-invalid.txt")));
    }

    [Fact]
    public void Measurements_of_torch()
    {
        Has(Read("torch-benchmark", "torch-benchmark.txt"), "time", 0.16893, "s", 4);
        WorkloadReading two = Read("torch-benchmark", "torch-benchmark-timeit.txt");
        Has(two, "time.1", 585.25e-6, "s", 3);
        Has(two, "time.2", 308.52e-6, "s", 7);
        Assert.Equal("with torch.no_grad(): msa.forward_einsum(x)", two.Values[0].Scope);
        Assert.Equal("torch-benchmark, line 1: the Measurement has no time", Failure(Text("torch-benchmark", Sample.Text("torch-benchmark.txt").Replace("Median", "Mean"))));
    }

    [Fact]
    public void Table_of_STREAM()
    {
        WorkloadReading reading = Read("stream", "stream.txt");
        Has(reading, "triad.bandwidth", 6155.0e6, "B/s", 6);
        Has(reading, "copy.time.mean", 0.019458, "s", 3);
        Assert.Equal("stream, line 2: the table does not tell MB/s", Failure(Text("stream", Sample.Text("stream.txt").Replace("Best Rate MB/s", "Rate (GB/s)"))));
        Assert.Equal("stream: the line \"Solution Validates\" is missing", Failure(Text("stream", Sample.Text("stream.txt").Replace("Solution Validates", "Solution"))));
        Assert.StartsWith("stream, line 8: Failed Validation on array c[]", Failure(Text("stream", Sample.Text("stream.txt").Replace("Solution Validates", "Failed Validation on array c[]"))));
    }

    [Fact]
    public void Sizes_of_OSU_are_metrics()
    {
        WorkloadReading bandwidth = Read("osu", "osu-bandwidth.txt");
        Has(bandwidth, "bandwidth.16384", 20705.33e6, "B/s", 9);
        Assert.Equal(5, bandwidth.Values.Length);
        Assert.Equal("16384 B messages", bandwidth.Values[4].Scope);
        Has(Read("osu", "osu-latency.txt"), "latency.1", 1.67e-6, "s", 6);
        Has(Text("osu", "# OSU MPI Barrier Latency Test v7.1\n# Avg Latency(us)\n4.91"), "latency", 4.91e-6, "s", 3);
        Assert.Contains("\"# OSU \" comes 2 times", Failure(Text("osu", Sample.Text("osu-latency.txt") + Sample.Text("osu-bandwidth.txt"))));
        Assert.Contains("was not validated: Fail", Failure(Text("osu", "# OSU MPI Latency Test v7.1\n# Size Avg Latency(us) Validation\n8 1.5 Fail")));
        Assert.Equal("osu: the output has none of the figures that this format reads", Failure(Text("osu", "# OSU MPI Latency Test v7.1\n# Size Avg Latency(us)")));
    }

    [Fact]
    public void Rows_of_HPL()
    {
        WorkloadReading reading = Read("hpl", "hpl.txt");
        Has(reading, "flops", 8.2776e9, "FLOP/s", 4);
        Has(reading, "time", 327.96, "s", 4);
        Assert.Equal("WR11C2R4 N=15968 NB=48 P=4 Q=5", reading.Values[0].Scope);
        Assert.StartsWith("hpl, line 10: a residual check failed", Failure(Text("hpl", Sample.Text("hpl.txt").Replace("PASSED", "FAILED"))));
        Assert.Equal("hpl: 1 tests and 0 residual checks that PASSED", Failure(Text("hpl", Sample.Text("hpl.txt")[..400])));
        string two = Sample.Text("hpl.txt") + Sample.Text("hpl.txt").Replace("8.2776e+00", "8.5987e+00");
        Has(Text("hpl", two), "flops.2", 8.5987e9, "FLOP/s", 15);
    }

    [Fact]
    public void Table_of_nccl_tests_behind_mpirun()
    {
        WorkloadReading reading = Read("nccl-tests", "nccl-tests.txt");
        Has(reading, "busbw.mean", 52.9753e9, "B/s", 7);
        Has(reading, "busbw.268435456", 167.17e9, "B/s", 5);
        Has(reading, "time.268435456.in_place", 3020.7e-6, "s", 5);
        Has(Read("nccl-tests", "nccl-tests-alltoall.txt"), "busbw.1073741824.in_place", 10.18e9, "B/s", 2);
        Assert.Equal("nccl-tests, line 6: Out of bounds values : 3 FAILED", Failure(Text("nccl-tests", Sample.Text("nccl-tests.txt").Replace("0 OK", "3 FAILED"))));
        Assert.Equal("nccl-tests: the line \"# Out of bounds values\" is missing", Failure(Text("nccl-tests", Sample.Text("nccl-tests.txt").Replace("# Out of", "# Not out of"))));
    }

    [Fact]
    public void Jobs_of_fio()
    {
        WorkloadReading reading = Read("fio", "fio.json");
        Has(reading, "read.bandwidth", 53554893, "B/s", Line("fio.json", "\"bw_bytes\" : 53554893"));
        Assert.Contains(reading.Values, value => value.Metric.Name == "write.latency.p99" && value.Metric.Unit == "s" && value.Value is > 1e-7 and < 0.1);
        Assert.Contains("$.jobs[0].error is 5: the job failed", Failure(Text("fio", Sample.Text("fio.json").Replace("\"error\" : 0", "\"error\" : 5"))));
        Assert.Null(Text("fio", "fio: some warning\n[1] [INFO] started\n{ not this\n" + Sample.Text("fio.json") + "[2] done ]\n").Failure);
        Assert.StartsWith("fio, line 40: not JSON", Failure(Text("fio", string.Join('\n', Sample.Text("fio.json").Split('\n')[..40]))));
    }

    static int Line(string sample, string part) => Sample.Text(sample)[..Sample.Text(sample).IndexOf(part, StringComparison.Ordinal)].Count(c => c == '\n') + 1;

    [Fact]
    public void Tests_of_sysbench()
    {
        Has(Read("sysbench", "sysbench-cpu.txt"), "events_per_second", 15841.52, "1/s", Line("sysbench-cpu.txt", "events per second"));
        Has(Read("sysbench", "sysbench-cpu.txt"), "latency.p95", 5e-5, "s", Line("sysbench-cpu.txt", "95th"));
        Has(Read("sysbench", "sysbench-memory.txt"), "memory.bandwidth", 3232.40 * MiB, "B/s", Line("sysbench-memory.txt", "200.00 MiB transferred"));
        Has(Read("sysbench", "sysbench-fileio.txt"), "written.bandwidth", 122.59 * MiB, "B/s", Line("sysbench-fileio.txt", "written, MiB/s"));
        WorkloadReading old = Text("sysbench", "sysbench 0.5:  multi-threaded system evaluation benchmark\n    total time:                          10.0009s\n    total number of events:              9137\n    per-request statistics:\n         avg:                                  1.09ms\n         approx.  95 percentile:               1.18ms");
        Has(old, "total_time", 10.0009, "s", 2);
        Has(old, "latency.p95", 0.00118, "s", 6);
        Assert.StartsWith("sysbench, line 2: FATAL: unable to connect", Failure(Text("sysbench", "sysbench 1.0\nFATAL: unable to connect")));
    }

    [Fact]
    public void What_a_tool_repeats_inside_a_trial_is_one_value()
    {
        Assert.Equal("hyperfine: sh -c \"exit 3\": the command exited with 3", Failure(Read("hyperfine", "hyperfine.json")));
        Has(Text("hyperfine", """{"results":[{"command":"a","mean":2,"times":[1,3]}]}"""), "wall", 2, "s", 1);
        WorkloadReading pyperf = Read("pyperf", "pyperf.json");
        Assert.Contains(pyperf.Values, value => value.Metric.Name == "1_2__1000.time");
        Assert.EndsWith("The mean of 5.", pyperf.Values[0].Metric.Meaning);
        Assert.Equal(["loop.time", "linq.time"], Read("benchmarkdotnet", "benchmarkdotnet-full.json").Values.Select(value => value.Metric.Name));
        Assert.Contains("no device", Failure(Read("google-benchmark", "google-benchmark.json")));
    }

    [Fact]
    public void Colours_progress_bars_and_carriage_returns_are_no_part_of_a_line()
    {
        string coloured = Sample.Text("stream.txt").Replace("Triad:", "\e[32mTriad:\e[0m").Replace("\n", "\r\n");
        Has(Text("stream", "10 %\r50 %\r100 %\r\n" + coloured), "triad.bandwidth", 6155.0e6, "B/s", 7);
    }

    /// <summary>Any text, and any sample with parts cut out, doubled or replaced, is read or fails with a reason; nothing is thrown.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_thrown_for_any_text(string format)
    {
        WorkloadFormat reader = WorkloadFormats.Named(format);
        string[] samples = [.. Directory.GetFiles(Path.GetDirectoryName(Sample.PathOf("stream.txt"))!).Select(File.ReadAllText)];
        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Int[0, 20000], Gen.Int[0, 60], Gen.String).Sample((sample, at, length, put) =>
        {
            string text = samples[sample];
            at %= text.Length;
            foreach (string output in (string[])[put, string.Concat(text.AsSpan(0, at), put, text.AsSpan(Math.Min(text.Length, at + length)))])
            {
                WorkloadReading reading = reader.Read(output);
                Assert.NotEqual(reading.Failure is null, reading.Values.IsEmpty);
                WorkloadFormats.Detect(output);
            }
        }, iter: 300);
    }

    public static TheoryData<string> Names => [.. WorkloadFormats.Names];
}
