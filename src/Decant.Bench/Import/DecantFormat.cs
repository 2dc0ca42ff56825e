using System.Collections.Immutable;
using System.Globalization;

namespace Decant.Bench;

/// <summary>decant's own report, <c>bench --json</c> and <c>compare --json</c> (docs/json.md): what was measured; what followed from it is computed anew.</summary>
sealed class DecantFormat : ResultFormat
{
    public const string Schema = "decant.bench.results/1";

    public override string Tool => "decant";

    public override bool Wrote(JsonPlace root) => root.Optional("schema") is { IsText: true } schema && schema.Text().StartsWith("decant.bench.results/", StringComparison.Ordinal);

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name) =>
        root["schema"].Text() == Schema ? [.. root["results"].Items().Select(Result)] : throw root["schema"].Unreadable($"is not {Schema}: another release of decant wrote it");

    static BenchResult Result(JsonPlace place)
    {
        ImmutableArray<ResultEnvironment> environments = [.. place["environments"].Items().Select(Environment)];
        HashSet<string> names = [.. environments.Select(environment => environment.Name)];
        if (names.Count != environments.Length || names.Count == 0)
            throw place["environments"].Unreadable(names.Count == 0 ? "has none" : "has a name twice");
        ImmutableArray<Metric> metrics = [.. place["metrics"].Items().Select(MetricOf)];
        HashSet<string> known = [.. metrics.Select(metric => metric.Name)];
        if (known.Count != metrics.Length || known.Count == 0)
            throw place["metrics"].Unreadable(known.Count == 0 ? "has none" : "has a name twice");
        Trial[] trials = [.. place["trials"].Items().Select(trial => TrialOf(trial, names, known)).OrderBy(trial => trial.Number)];
        if (trials.DistinctBy(trial => trial.Number).Count() < trials.Length)
            throw place["trials"].Unreadable("has a number twice");
        Trial[] placed = [.. trials.Where(trial => trial.Block is not null)];
        if (placed.DistinctBy(trial => (trial.Block, trial.Environment)).Count() < placed.Length)
            throw place["trials"].Unreadable("has an environment twice in a block");
        return new BenchResult
        {
            Title = place["title"].Text(),
            Source = place["source"].Text(),
            Command = Texts(place["command"]),
            Environments = environments,
            Metrics = metrics,
            Questions = [.. place["verdicts"].Items().Select(verdict => QuestionOf(verdict, names, known))],
            Trials = [.. trials],
            Machine = Facts(place.Optional("machine")),
            Design = Facts(place.Optional("design")),
            Remarks = Texts(place["remarks"]),
        };
    }

    static ResultEnvironment Environment(JsonPlace place) =>
        new(place["name"].Text(), place["kind"].Text(), place["specification"].Text(), Facts(place.Optional("facts"))) { Repeats = place.Optional("repeats")?.Text() };

    static Metric MetricOf(JsonPlace place) => new(
        place["name"].Text(), place["unit"].Text(),
        place["better"].Text() switch
        {
            "lower" => Direction.LowerIsBetter,
            "higher" => Direction.HigherIsBetter,
            "neither" => Direction.Neither,
            _ => throw place["better"].Unreadable("is none of lower, higher, neither"),
        },
        place["meaning"].Text(), place.Optional("derivedFrom")?.Text());

    static Question QuestionOf(JsonPlace verdict, HashSet<string> environments, HashSet<string> metrics)
    {
        JsonPlace comparison = verdict["comparison"];
        double high = verdict["marginHigh"].Number();
        return new Question(
            Known(comparison["metric"], metrics), Known(comparison["subject"], environments), Known(comparison["baseline"], environments),
            high is > 1 and < 1e6 ? EquivalenceMargin.Percent(100 * (high - 1)) : throw verdict["marginHigh"].Unreadable("is no margin: not above 1, or above a million"));
    }

    static Trial TrialOf(JsonPlace place, HashSet<string> environments, HashSet<string> metrics) => new()
    {
        Number = place["number"].Count(),
        Block = place.Optional("block")?.Count(),
        Environment = Known(place["environment"], environments),
        Iteration = place.Optional("iteration")?.Count(),
        Started = place.Optional("started") is { } started ? Time(started) : null,
        Failure = place.Optional("failure")?.Text(),
        Values = Values(place["values"].Members().DistinctBy(value => value.Name).Select(value => (metrics.Contains(value.Name) ? value.Name : throw value.Value.Unreadable("is a value of no metric of the file"), (double?)value.Value.Number()))),
        Files = [.. place.Optional("files")?.Items().Select(file => new CachedFile(file["class"].Text(), file["name"].Text(), (long)file["bytes"].Number())) ?? []],
        Remarks = Texts(place["remarks"]),
    };

    static string Known(JsonPlace place, HashSet<string> names) =>
        names.Contains(place.Text()) ? place.Text() : throw place.Unreadable($"is {place.Text()}, which the file does not have");

    static DateTimeOffset Time(JsonPlace place) =>
        DateTimeOffset.TryParse(place.Text(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset time) ? time : throw place.Unreadable("is no time");

    static ImmutableArray<string> Texts(JsonPlace place) => [.. place.Items().Select(item => item.Text())];
}
