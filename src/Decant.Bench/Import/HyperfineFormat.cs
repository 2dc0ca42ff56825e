using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>hyperfine --export-json: each command is an environment, all its runs come before those of the next.</summary>
sealed class HyperfineFormat : ResultFormat
{
    static readonly Metric _wall = new("wall", "s", Direction.LowerIsBetter, "Wall-clock time of the command, less that of an empty shell, by hyperfine.");

    static readonly Metric _memory = new(
        "memory.peak", "B", Direction.LowerIsBetter,
        "Peak resident memory as getrusage(RUSAGE_CHILDREN) tells it to hyperfine: the highest of all its children so far, so a command never has less than one before it.");

    public override string Tool => "hyperfine";

    public override bool Wrote(JsonPlace root) =>
        root.Optional("results") is { IsArray: true } results && results.Items().FirstOrDefault() is { IsObject: true } first && first.Has("command") && first.Has("mean");

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name)
    {
        JsonPlace[] commands = [.. root["results"].Items()];
        string[] names = Unique(commands.Select(command => command["command"].Text()));
        List<ResultEnvironment> environments = [];
        List<Trial> trials = [];
        for (int i = 0; i < commands.Length; i++)
        {
            environments.Add(new ResultEnvironment(names[i], "command", commands[i]["command"].Text(), Facts(commands[i].Optional("parameters"))));
            AddTrials(trials, commands[i], names[i]);
        }

        ImmutableArray<string> remarks = commands.Length > 1 ? ["hyperfine ran all runs of one command before those of the next."] : [];
        return
        [
            new BenchResult
            {
                Title = name, Source = Tool, Environments = [.. environments], Metrics = Seen(trials, _wall, _memory), Trials = [.. trials], Remarks = remarks,
            },
        ];
    }

    static void AddTrials(List<Trial> trials, JsonPlace command, string environment)
    {
        JsonPlace[] times = [.. command["times"].Items()];
        JsonPlace[]? memory = Beside(command, "memory_usage_byte", times.Length), exits = Beside(command, "exit_codes", times.Length);
        for (int i = 0; i < times.Length; i++)
        {
            trials.Add(new Trial
            {
                Number = trials.Count,
                Environment = environment,
                Iteration = i + 1,
                Failure = exits is null ? null : Failed(exits[i]),
                Values = Values((_wall.Name, times[i].Number()), (_memory.Name, memory?[i].Number())),
            });
        }
    }

    static string? Failed(JsonPlace exit) =>
        exit.IsNull ? "the command was killed by a signal" : exit.Count() == 0 ? null : $"the command exited with {exit.Count()}";

    /// <summary>An array with one item a run; null where the file has none, as those of older versions.</summary>
    static JsonPlace[]? Beside(JsonPlace command, string name, int runs)
    {
        if (command.Optional(name) is not { } place)
            return null;
        JsonPlace[] items = [.. place.Items()];
        return items.Length == runs ? items : throw place.Unreadable($"has {items.Length} items beside {runs} times");
    }
}
