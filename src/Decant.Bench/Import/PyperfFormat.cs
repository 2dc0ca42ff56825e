using System.Collections.Immutable;
using System.Globalization;

namespace Decant.Bench;

/// <summary>
/// pyperf's JSON (pyperf.readthedocs.io/en/latest/api.html#pyperf-json-file-format). One process is one trial: its value is the mean of the process's, without
/// the warm-ups. Processes that only calibrate have no values and are no trials.
/// </summary>
sealed class PyperfFormat : ResultFormat
{
    static readonly Metric _memory = new("memory.peak", "B", Direction.LowerIsBetter, "Peak resident memory of the process (ru_maxrss), by pyperf.");

    public override string Tool => "pyperf";

    public override bool Wrote(JsonPlace root) =>
        root.Optional("benchmarks") is { IsArray: true } benchmarks && benchmarks.Items().FirstOrDefault() is { IsObject: true } first && first.Has("runs");

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name) =>
        [.. root["benchmarks"].Items().Select(benchmark => Benchmark(benchmark, root.Optional("metadata"), name))];

    BenchResult Benchmark(JsonPlace benchmark, JsonPlace? common, string environment)
    {
        // What all runs have in common stands with the benchmark, what all benchmarks have in common at the top.
        ImmutableSortedDictionary<string, string> facts = Facts(common).SetItems(Facts(benchmark.Optional("metadata")));
        Metric metric = Of(facts.GetValueOrDefault("unit", "second"), benchmark);
        List<Trial> trials = [];
        foreach (JsonPlace run in benchmark["runs"].Items())
        {
            if (run.Optional("values") is not { } place)
                continue;
            double[] values = [.. place.Items().Select(value => value.Number())];
            if (values.Length == 0)
                throw place.Unreadable("has no value");
            JsonPlace? metadata = run.Optional("metadata");
            trials.Add(new Trial
            {
                Number = trials.Count,
                Environment = environment,
                Started = metadata?.Optional("date") is { } date ? Date(date) : null,
                Values = Values((metric.Name, Descriptive.Mean(values)), (_memory.Name, (metadata?.Optional("command_max_rss") ?? metadata?.Optional("mem_max_rss"))?.Number())),
            });
        }

        if (trials.Count == 0)
            throw benchmark.Unreadable("has no process with values");
        return new BenchResult
        {
            Title = facts.GetValueOrDefault("name", environment),
            Source = facts.TryGetValue("perf_version", out string? version) ? $"{Tool} {version}" : Tool,
            Environments = [new ResultEnvironment(environment, "pyperf", facts.GetValueOrDefault("python_executable", ""), facts)],
            Metrics = Seen(trials, metric, _memory),
            Trials = [.. trials],
        };
    }

    static Metric Of(string unit, JsonPlace benchmark) => unit switch
    {
        "second" => new Metric("time", "s", Direction.LowerIsBetter, "Time of one iteration: the mean of one process's values, warm-ups left out, by pyperf."),
        "byte" => new Metric("memory", "B", Direction.LowerIsBetter, "Memory: the mean of one process's values, by pyperf --track-memory or --tracemalloc."),
        "integer" => new Metric("value", "", Direction.Neither, "What the benchmark returns: the mean of one process's values, by pyperf."),
        _ => throw benchmark.Unreadable($"has the unit {unit}, which pyperf does not have"),
    };

    /// <summary>The clock of the machine that measured, whose zone is not told.</summary>
    static DateTimeOffset Date(JsonPlace place) =>
        DateTimeOffset.TryParse(place.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? date : throw place.Unreadable("is no date");
}
