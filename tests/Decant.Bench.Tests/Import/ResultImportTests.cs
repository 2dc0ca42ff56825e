using System.Text;
using CsCheck;
using Decant.Linux;

namespace Decant.Bench.Tests;

public class ResultImportTests
{
    static IReadOnlyList<BenchResult> Read(string sample) => ResultImport.Read($"dir/{sample}", Sample.Bytes(sample));

    static IReadOnlyList<BenchResult> Parse(string json) => ResultImport.Read("dir/results.json", Encoding.UTF8.GetBytes(json));

    static double[] Values(BenchResult result, string environment, string metric) =>
        [.. result.Trials.Where(trial => trial.Environment == environment).Select(trial => trial.Values[metric])];

    [Fact]
    public void Commands_of_hyperfine_are_environments_of_one_workload()
    {
        BenchResult result = Assert.Single(Read("hyperfine.json"));
        Assert.Equal(("hyperfine", "hyperfine"), (result.Title, result.Source));
        Assert.Equal(["sleep 0.05", "sh -c \"exit 3\""], result.Environments.Select(environment => environment.Name));
        Assert.Equal([0.054925985180000005, 0.052236737180000006, 0.048672852180000004], Values(result, "sleep 0.05", "wall"));
        Assert.Equal(["wall"], result.Metrics.Select(metric => metric.Name));
        Assert.Equal([null, null, null, "the command exited with 3", "the command exited with 3", "the command exited with 3"], result.Trials.Select(trial => trial.Failure));
        Assert.Contains(ThreatsToValidity.Of(result), threat => threat.Id == "blocked-order");
    }

    [Theory]
    [InlineData("google-benchmark.json")]
    [InlineData("hyperfine.json")]
    public void Every_result_of_a_file_can_be_reported_also_one_without_a_value(string sample)
    {
        IReadOnlyList<BenchResult> results = [.. Read(sample), .. Parse("""{"results":[{"command":"a","mean":1,"times":[]}]}""")];
        IReadOnlyList<ResultConclusions> conclusions = ResultConclusions.Of(results, 0);
        Assert.All(results.Zip(conclusions), one => Assert.NotEqual("", TextReport.Of([(one.First, one.Second)], colour: false, width: 80) + MarkdownReport.Of([(one.First, one.Second)])));
        Assert.Contains("no trial", HtmlReport.Of([.. results.Zip(conclusions)]));
    }

    [Fact]
    public void Memory_of_newer_hyperfine_is_read_and_called_what_it_is()
    {
        BenchResult result = Parse("""{"results":[{"command":"a","mean":1,"times":[1,2],"memory_usage_byte":[100,200],"exit_codes":[0,null]},{"command":"a","mean":1,"times":[1]}]}""")[0];
        Assert.Equal([100, 200], Values(result, "a", "memory.peak"));
        Assert.Equal("the command was killed by a signal", result.Trials[1].Failure);
        Assert.Contains("highest of all its children so far", result.Metrics[1].Meaning);
        Assert.Equal(["a", "a (2)"], result.Environments.Select(environment => environment.Name));
    }

    [Fact]
    public void A_run_of_AIPerf_is_a_trial_of_the_environment_that_its_file_names()
    {
        BenchResult result = Assert.Single(Read("aiperf.json"));
        Assert.Equal(("aiperf", "aiperf"), (result.Title, result.Source));
        Assert.Equal(["aiperf"], result.Environments.Select(environment => environment.Name));
        Assert.Equal([2.156207775934887], Values(result, "aiperf", "request_throughput"));
        Near.Golden(0.6876198782499999, Assert.Single(Values(result, "aiperf", "time_to_first_token.p99")));
        Assert.Equal(result.Metrics.Select(metric => metric.Name).Order(StringComparer.Ordinal), result.Trials[0].Values.Keys);
    }

    [Fact]
    public void A_process_of_pyperf_is_a_trial_and_calibration_is_none()
    {
        IReadOnlyList<BenchResult> results = Read("pyperf.json");
        Assert.Equal(["[1]*1000", "[1,2]*1000", "[1,2,3]*1000"], results.Select(result => result.Title));
        BenchResult first = results[0];
        Assert.Equal(5, first.Trials.Length);
        Assert.Equal(new Metric("time", "s", Direction.LowerIsBetter, "Time of one iteration: the mean of one process's values, warm-ups left out, by pyperf."), first.Metrics[0]);
        Assert.Equal((2.087224121094522e-06 + 2.1127525786646117e-06) / 2, first.Trials[0].Values["time"], 3e-8);
        Assert.Equal(14811136, first.Trials[0].Values["memory.peak"]);
        Assert.Equal(2020, first.Trials[0].Started!.Value.Year);
        Assert.Equal("pyperf", Assert.Single(first.Environments).Name);
        Assert.Equal("'[1]*1000'", first.Environments[0].Facts["timeit_stmt"]);
    }

    [Fact]
    public void Pyperfs_unit_is_that_of_its_metadata()
    {
        BenchResult result = Assert.Single(Read("pyperf-memory.json"));
        Assert.Equal(("memory", "B"), (result.Metrics[0].Name, result.Metrics[0].Unit));
        Assert.Equal([7360512, 7364608, 7380992], Values(result, "pyperf-memory", "memory"));
        Assert.Equal(("timeit", "pyperf 1.5"), (result.Title, result.Source));
    }

    [Fact]
    public void Launches_of_BenchmarkDotNet_are_trials_where_the_file_tells_them()
    {
        BenchResult full = Assert.Single(Read("benchmarkdotnet-full.json")), brief = Assert.Single(Read("benchmarkdotnet-brief.json"));
        Assert.Equal(("Sums N=10", "BenchmarkDotNet 0.15.8"), (full.Title, full.Source));
        Assert.Equal(["Loop", "Linq"], full.Environments.Select(environment => environment.Name));
        Assert.Equal((2, 6), (Values(full, "Loop", "time").Length, Values(brief, "Loop", "time").Length));
        // Statistics of the file are those of all iterations, which are equally many in both launches.
        Near.Relative(Values(brief, "Loop", "time").Average(), Values(full, "Loop", "time").Average(), 0.01);
        Assert.InRange(Values(full, "Loop", "time")[0], 1e-9, 1e-7);
        Assert.Empty(full.Remarks);
        Assert.Contains("iterations inside one process", Assert.Single(brief.Remarks));
    }

    [Fact]
    public void Jobs_of_BenchmarkDotNet_are_environments_too()
    {
        BenchResult result = Parse("""
            {"HostEnvironmentInfo":{},"Benchmarks":[
              {"Type":"T","Method":"M","Parameters":"","DisplayInfo":"T.M: Job-A(Runtime=.NET 9.0)","Statistics":{"OriginalValues":[1,2]}},
              {"Type":"T","Method":"M","Parameters":"","DisplayInfo":"T.M: Job-B(Runtime=.NET 10.0) [x=1]","Statistics":null}]}
            """)[0];
        Assert.Equal(["M: Job-A(Runtime=.NET 9.0)", "M: Job-B(Runtime=.NET 10.0)"], result.Environments.Select(environment => environment.Name));
        Assert.Equal("the benchmark has no value: it failed, or was not run", result.Trials[2].Failure);
    }

    [Fact]
    public void Repetitions_of_google_benchmark_are_trials_and_its_own_means_are_left_out()
    {
        IReadOnlyList<BenchResult> results = Read("google-benchmark.json");
        Assert.Equal(["BM_Sum/1000", "BM_Sum/2000", "BM_Bad"], results.Select(result => result.Title));
        Assert.Equal(["time", "cpu_time", "bytes_per_second", "width"], results[0].Metrics.Select(metric => metric.Name));
        Assert.Equal(["s", "s", "B/s", ""], results[0].Metrics.Select(metric => metric.Unit));
        Assert.Equal([1.0560756009167071e-6, 2.0429658093849343e-6, 1.2470042856360647e-6], Values(results[0], "google-benchmark", "time"), (a, b) => Math.Abs(a - b) < 1e-18);
        Assert.Equal([1, 2, 3], results[0].Trials.Select(trial => trial.Iteration!.Value));
        Assert.All(results[2].Trials, trial => Assert.Equal("the benchmark failed: no device", trial.Failure));
        Assert.Equal("2", results[0].Machine["num_cpus"]);
    }

    [Fact]
    public void Benchmark_spark_without_a_value_or_with_a_failure_says_so()
    {
        BenchResult result = Assert.Single(Parse("""
            {"models":{"m":{
              "container":[{"iteration":1,"timestamp":"20250101_120500","exit_code":0,"output_throughput":10,"peak_memory":2,"latency":null}],
              "native":[{"iteration":1,"timestamp":"20250101_120000","exit_code":1,"output_throughput":null,"peak_memory":1.5,"latency":5}]}}}
            """));
        Assert.Equal(["native", "container"], result.Environments.Select(environment => environment.Name));
        Assert.Equal(["native", "container"], result.Trials.Select(trial => trial.Environment));
        Assert.Equal("exit code 1", result.Trials[0].Failure);
        Assert.Equal(1.5 * (1L << 30), result.Trials[0].Values["peak_memory"]);
        Assert.Equal(0.005, result.Trials[0].Values["latency"]);
        Assert.Contains("no value of output_throughput", result.Trials[0].Remarks);
        Assert.Contains("No trial has a value of kv_cache.", result.Remarks);
    }

    [Theory]
    [InlineData("", "dir/results.json: line 1: not JSON")]
    [InlineData("{\n\"results\":[\n{]", "dir/results.json: line 3: not JSON")]
    [InlineData("{}", "dir/results.json is JSON, but of no tool whose results decant reads")]
    [InlineData("[1]", "dir/results.json is JSON, but of no tool whose results decant reads")]
    [InlineData("""{"results":[{"command":"a","mean":1}]}""", "dir/results.json: line 1: $.results[0] has no times")]
    [InlineData("{\"results\":[{\"command\":\"a\",\"mean\":1,\n\"times\":[1,\n\"2\"]}]}", "dir/results.json: line 3: $.results[0].times[1] is no number: 2")]
    [InlineData("""{"results":[{"command":"a","mean":1,"times":[1e999]}]}""", "dir/results.json: line 1: $.results[0].times[0] is no number: 1e999")]
    [InlineData("""{"results":[{"command":"a","mean":1,"times":[1,2],"exit_codes":[0]}]}""", "dir/results.json: line 1: $.results[0].exit_codes has 1 items beside 2 times")]
    [InlineData("""{"benchmarks":[{"runs":[{"warmups":[[1,1]]}]}]}""", "dir/results.json: line 1: $.benchmarks[0] has no process with values")]
    [InlineData("""{"benchmarks":[{"runs":[{"values":[]}]}]}""", "dir/results.json: line 1: $.benchmarks[0].runs[0].values has no value")]
    [InlineData("""{"benchmarks":[{"metadata":{"unit":"mile"},"runs":[{"values":[1]}]}]}""", "dir/results.json: line 1: $.benchmarks[0] has the unit mile")]
    [InlineData("""{"context":{},"benchmarks":[]}""", "dir/results.json: line 1: $ has no result, though it looks like a file of google-benchmark")]
    [InlineData("""{"context":{},"benchmarks":[{"name":"a","real_time":1,"time_unit":"h"}]}""", "dir/results.json: line 1: $.benchmarks[0] has the time_unit h")]
    [InlineData("""{"models":{"\u001b[2J":{"native":[1]}}}""", "dir/results.json: line 1: $.models.\\x1b[2J.native[0] has no timestamp")]
    [InlineData("""{"models":{"m":{"native":[{"timestamp":"yesterday"}]}}}""", "dir/results.json: line 1: $.models.m.native[0].timestamp is no time such as")]
    public void A_file_that_is_broken_is_refused_by_its_place(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<DecantException>(() => Parse(json)).Message);

    /// <summary>Each file cut short, and each with one byte changed.</summary>
    [Theory]
    [InlineData("hyperfine.json")]
    [InlineData("pyperf-memory.json")]
    [InlineData("benchmarkdotnet-brief.json")]
    [InlineData("google-benchmark.json")]
    [InlineData("aiperf.json")]
    public void A_damaged_file_is_read_or_refused_and_nothing_else(string sample)
    {
        byte[] whole = Sample.Bytes(sample);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cut) =>
        {
            byte[] bytes = [.. whole];
            bytes[at] = value;
            try
            {
                Assert.NotEmpty(ResultImport.Read(sample, cut ? bytes.AsMemory(0, at) : bytes));
            }
            catch (DecantException exception)
            {
                Assert.StartsWith(sample, exception.Message);
            }
        }, iter: 2000);
    }
}
