using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// google/benchmark --benchmark_format=json: each run_name is a workload, its repetitions the trials; means and deviations that it computes itself are left
/// out.
/// </summary>
sealed class GoogleBenchmarkFormat : ResultFormat
{
    static readonly Metric _time = new("time", "s", Direction.LowerIsBetter, "Wall-clock time of one iteration, by google/benchmark.");

    /// <summary>Numbers that describe the run. All others beside the times are the benchmark's own counters.</summary>
    static readonly HashSet<string> _description =
    [
        "family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads", "iterations", "real_time", "cpu_time",
    ];

    public override string Tool => "google-benchmark";

    public override bool Wrote(JsonPlace root) =>
        root.Has("context") && root.Optional("benchmarks") is { IsArray: true } benchmarks && benchmarks.Items().All(one => one.Has("name") && !one.Has("runs"));

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name)
    {
        JsonPlace[] runs = [.. root["benchmarks"].Items().Where(run => run.Optional("run_type")?.Text() != "aggregate")];
        ImmutableSortedDictionary<string, string> machine = Facts(root["context"]);
        return [.. runs.GroupBy(run => (run.Optional("run_name") ?? run["name"]).Text()).Select(group => Workload(group.Key, [.. group], machine, name))];
    }

    BenchResult Workload(string title, JsonPlace[] runs, ImmutableSortedDictionary<string, string> machine, string environment)
    {
        Dictionary<string, Metric> metrics = [];
        List<Trial> trials = [];
        foreach (JsonPlace run in runs)
        {
            string? failure = run.Optional("error_occurred") is { Element.ValueKind: System.Text.Json.JsonValueKind.True }
                ? $"the benchmark failed: {run.Optional("error_message")?.Shown()}" : null;
            List<(string, double?)> values = [];
            foreach ((Metric metric, double value) in failure is null ? Measured(run) : [])
            {
                metrics.TryAdd(metric.Name, metric);
                values.Add((metric.Name, value));
            }

            trials.Add(new Trial
            {
                Number = trials.Count,
                Environment = environment,
                Iteration = run.Optional("repetition_index")?.Count() + 1,
                Failure = failure,
                Values = Values(values),
            });
        }

        ImmutableArray<string> remarks = trials.Count > 1 ? [WithinOneProcess] : [];
        return new BenchResult
        {
            Title = title,
            Source = Tool,
            Machine = machine,
            Remarks = remarks,
            Environments = [new ResultEnvironment(environment, Tool, machine.GetValueOrDefault("executable", ""), machine)],
            Metrics = Seen(trials, [_time, .. metrics.Values.Where(metric => metric.Name != _time.Name)]),
            Trials = [.. trials],
        };
    }

    static IEnumerable<(Metric Metric, double Value)> Measured(JsonPlace run)
    {
        // Complexity and the like have no time_unit, and are aggregates, which do not come here.
        double unit = run.Optional("time_unit")?.Text() switch
        {
            "s" => 1,
            "ms" => 1e-3,
            "us" => 1e-6,
            "ns" or null => 1e-9,
            string other => throw run.Unreadable($"has the time_unit {other}"),
        };
        yield return (_time, unit * run["real_time"].Number());
        yield return (new Metric("cpu_time", "s", Direction.LowerIsBetter, "CPU time of one iteration, by google/benchmark."), unit * run["cpu_time"].Number());
        foreach ((string name, JsonPlace value) in run.Members())
        {
            if (value.IsNumber && !_description.Contains(name))
                yield return (Counter(name), value.Number());
        }
    }

    static Metric Counter(string name) => name switch
    {
        "bytes_per_second" => new Metric(name, "B/s", Direction.HigherIsBetter, "Bytes that the benchmark says it processed, by time, by google/benchmark."),
        "items_per_second" => new Metric(name, "1/s", Direction.HigherIsBetter, "Items that the benchmark says it processed, by time, by google/benchmark."),
        _ => new Metric(name, "", Direction.Neither, "A counter of the benchmark's own."),
    };
}
