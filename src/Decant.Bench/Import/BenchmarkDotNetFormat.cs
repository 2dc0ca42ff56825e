using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// BenchmarkDotNet's JsonExporter, full or brief. One result for each type and set of parameters, whose methods and jobs are the environments. A launch, a
/// process of its own, is a trial where the file tells of two launches or more; else it is one iteration.
/// </summary>
sealed class BenchmarkDotNetFormat : ResultFormat
{
    const double Nanosecond = 1e-9;

    static readonly Metric _time = new("time", "s", Direction.LowerIsBetter, "Time of one operation less the overhead of calling it, by BenchmarkDotNet.");

    public override string Tool => "BenchmarkDotNet";

    public override bool Wrote(JsonPlace root) => root.Has("HostEnvironmentInfo") && root.Optional("Benchmarks") is { IsArray: true };

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name)
    {
        ImmutableSortedDictionary<string, string> machine = Facts(root["HostEnvironmentInfo"]);
        string source = machine.TryGetValue("BenchmarkDotNetVersion", out string? version) ? $"{Tool} {version}" : Tool;
        return
        [
            .. root["Benchmarks"].Items().GroupBy(Workload)
                .Select(group => Of([.. group]) with { Title = group.Key.Length > 0 ? group.Key : name, Source = source, Machine = machine }),
        ];
    }

    static string Workload(JsonPlace benchmark) =>
        $"{benchmark.Optional("Type")?.Text()} {benchmark.Optional("Parameters")?.Text()}".Trim();

    BenchResult Of(JsonPlace[] benchmarks)
    {
        string[] methods = [.. benchmarks.Select(Method)];
        string[] names = Unique(benchmarks.Select((one, i) => methods.Count(other => other == methods[i]) == 1 ? methods[i] : $"{methods[i]}: {Job(one)}"));
        double[]?[] launches = [.. benchmarks.Select(Launches)];
        bool byLaunch = launches.All(means => means is { Length: > 1 });
        List<Trial> trials = [];
        for (int i = 0; i < benchmarks.Length; i++)
        {
            double[] values = byLaunch ? launches[i]! : Iterations(benchmarks[i]);
            if (values.Length == 0)
                trials.Add(new Trial { Number = trials.Count, Environment = names[i], Failure = "the benchmark has no value: it failed, or was not run" });
            foreach (double value in values)
                trials.Add(new Trial { Number = trials.Count, Environment = names[i], Values = Values((_time.Name, Nanosecond * value)) });
        }

        ImmutableArray<string> remarks = byLaunch ? [] : [WithinOneProcess];
        return new BenchResult
        {
            Title = "",
            Source = Tool,
            Metrics = Seen(trials, _time),
            Trials = [.. trials],
            Remarks = remarks,
            Environments = [.. benchmarks.Select((one, i) => new ResultEnvironment(names[i], Tool, one.Optional("DisplayInfo")?.Text() ?? names[i], Allocated(one)))],
        };
    }

    static string Method(JsonPlace benchmark) => (benchmark.Optional("MethodTitle") ?? benchmark["Method"]).Text();

    /// <summary>"Job-ABCDEF(Runtime=.NET 10.0)" of "Sorting.Quick: Job-ABCDEF(Runtime=.NET 10.0) [N=10]".</summary>
    static string Job(JsonPlace benchmark)
    {
        string info = benchmark.Optional("DisplayInfo")?.Text() ?? "";
        int from = info.IndexOf(": ", StringComparison.Ordinal), to = info.LastIndexOf(" [", StringComparison.Ordinal);
        return from < 0 ? info : to > from ? info[(from + 2)..to] : info[(from + 2)..];
    }

    /// <summary>The mean of each launch, in nanoseconds an operation; null where the file is brief and tells of none.</summary>
    static double[]? Launches(JsonPlace benchmark) => benchmark.Optional("Measurements") is not { } measurements ? null :
    [
        .. measurements.Items()
            .Where(one => one["IterationMode"].Text() == "Workload" && one["IterationStage"].Text() == "Result")
            .GroupBy(one => one["LaunchIndex"].Count())
            .OrderBy(launch => launch.Key)
            .Select(launch => launch.Average(one => one["Nanoseconds"].Number() / Operations(one["Operations"]))),
    ];

    static double Operations(JsonPlace place) => place.Number() is > 0 and double operations ? operations : throw place.Unreadable("is not above 0");

    static double[] Iterations(JsonPlace benchmark) =>
        benchmark.Optional("Statistics") is { } statistics ? [.. statistics["OriginalValues"].Items().Select(value => value.Number())] : [];

    /// <summary>Memory is measured once for a benchmark, not in each launch, so it is a fact and no metric.</summary>
    static ImmutableSortedDictionary<string, string> Allocated(JsonPlace benchmark) =>
        benchmark.Optional("Memory")?.Optional("BytesAllocatedPerOperation") is { } bytes
            ? ImmutableSortedDictionary<string, string>.Empty.Add("bytes allocated per operation", bytes.Shown())
            : ImmutableSortedDictionary<string, string>.Empty;
}
