using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>An experiment written down as TOML (docs/bench.md). Whatever is not known is an error with its place.</summary>
public static class ExperimentFile
{
    static readonly string[] TopKeys =
    [
        "title", "command", "baseline", "metric", "margin", "blocks", "precision", "budget", "timeout", "seed", "cache", "primes", "gates", "gate-timeout", "must-match", "must-run",
        "must-open", "exit-code", "self-test", "sample", "moment", "files", "workload", "environment",
    ];

    static readonly string[] EnvironmentKeys = ["name", "kind", "image", "options", "command", "cache", "prepare", "against"];

    static readonly string[] WorkloadKeys = ["format", "from", "figures"];

    static readonly string[] FigureKeys = ["at", "unit", "better", "take", "scale"];

    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="DecantException">It is no experiment.</exception>
    public static Experiment Read(byte[] bytes, string file)
    {
        Experiment experiment = new() { Title = "", Command = [], Environments = [] };
        IReadOnlyList<KeyValuePair<string, TomlNode>> keys = Known(TomlNode.Parse(bytes, file), TopKeys, "an experiment");
        // The baseline comes last, as it names one of the environments.
        foreach ((string key, TomlNode value) in keys.OrderBy(pair => pair.Key == "baseline"))
            experiment = At(value, key, () => With(experiment, key, value));
        return experiment;
    }

    static Experiment With(Experiment experiment, string key, TomlNode value) => key switch
    {
        "title" => experiment with { Title = Text(value) },
        "command" => experiment with { Command = Words(value) },
        "baseline" => experiment.WithBaseline(Text(value)),
        "metric" => experiment with { Primary = Text(value) },
        "margin" => experiment with { MarginPercent = ExperimentText.Percent(Text(value), key) },
        "blocks" => ExperimentText.Blocks(Text(value), key) is var (least, most) ? experiment with { LeastBlocks = least, MostBlocks = most } : experiment,
        "precision" => experiment with { PrecisionPercent = ExperimentText.Percent(Text(value), key) },
        "budget" => experiment with { Budget = DurationText.Parse(Text(value), key) },
        "timeout" => experiment with { TrialTimeout = DurationText.Parse(Text(value), key) },
        "seed" => experiment with { Seed = ExperimentText.Seed(Text(value), key) },
        "cache" => experiment with { Cache = ExperimentText.Cache(Text(value), key) },
        "primes" => experiment with { Primes = ExperimentText.Count(Text(value), key) },
        "gates" => experiment with { Gates = [.. Items(value).Select(item => Gate.Parse(Text(item)))] },
        "gate-timeout" => experiment with { GateTimeout = DurationText.Parse(Text(value), key) },
        "must-match" => experiment with { RequiredOutput = Text(value) },
        "must-run" => experiment with { RequiredProcesses = List(value) },
        "must-open" => experiment with { RequiredFiles = List(value) },
        "self-test" => experiment with { SelfTest = ExperimentText.Truth(Text(value), key) },
        "exit-code" => experiment with { ExitCode = ExperimentText.Count(Text(value), key) },
        "sample" => experiment with { SampleInterval = DurationText.Parse(Text(value), key) },
        "moment" => experiment with { Moment = ExperimentText.Moment(Text(value), key) },
        "files" => experiment with { Files = [.. Keys(value).Select(pair => new FileClass(pair.Key, LinuxPath.Absolute(Text(pair.Value))))] },
        "workload" => experiment with { Workload = Workload(value) },
        _ => experiment with { Environments = [.. Items(value).Select(Environment)] },
    };

    /// <summary>The name of a format, or a table of format, from and figures.</summary>
    static WorkloadSource Workload(TomlNode value)
    {
        if (value.Text is { } name)
            return ExperimentText.Workload(name, WorkloadSource.StandardOutput);
        IReadOnlyList<KeyValuePair<string, TomlNode>> keys = Known(value, WorkloadKeys, "a workload");
        TomlNode? Of(string key) => keys.FirstOrDefault(pair => pair.Key == key).Value;
        string format = Of("format") is { } given ? Text(given) : throw new DecantException("a workload needs a format", $"one of regex, jsonpath, csv, {string.Join(", ", WorkloadFormats.Names)}");
        WorkloadSource source = new(format, Of("from") is { } from ? Text(from) : WorkloadSource.StandardOutput, Of("figures") is { } figures ? [.. Keys(figures).Select(pair => Figure(pair.Key, pair.Value))] : []);
        source.ToFormat();
        return source;
    }

    static FigureSpec Figure(string name, TomlNode table)
    {
        IReadOnlyList<KeyValuePair<string, TomlNode>> keys = Known(table, FigureKeys, "a figure");
        string? Of(string key) => keys.FirstOrDefault(pair => pair.Key == key).Value is { } value ? Text(value) : null;
        if (BuiltInMetrics.Find(name) is not null)
            throw new DecantException($"{table.Place}: {PathBytes.Printable(name)} is what decant measures itself", "give the figure another name");
        return new FigureSpec(
            name, Of("at") ?? throw new DecantException($"{table.Place}: {PathBytes.Printable(name)} needs the place where it stands", "at = \"a pattern, path or column\""), Of("unit") ?? "",
            ExperimentText.Better(Of("better") ?? "lower", "better"), ExperimentText.Choice(Of("take") ?? "only", "take"), Of("scale") is { } scale ? ExperimentText.Scale(scale, "scale") : 1);
    }

    static EnvironmentSpec Environment(TomlNode table)
    {
        IReadOnlyList<KeyValuePair<string, TomlNode>> keys = Known(table, EnvironmentKeys, "an environment");
        TomlNode? Of(string key) => keys.FirstOrDefault(pair => pair.Key == key).Value;
        string kind = Of("kind") is { } given ? Text(given) : throw new DecantException("an environment needs a kind", $"one of {string.Join(", ", EnvironmentSpec.KindNames)}");
        EnvironmentSpec spec = EnvironmentSpec.Create(
            Of("name") is { } name ? Text(name) : kind, kind, Of("image") is { } image ? Text(image) : "", Of("options") is { } options ? Words(options) : []);
        return spec with
        {
            Command = Of("command") is { } command ? Words(command) : null,
            Cache = Of("cache") is { } cache ? ExperimentText.Cache(Text(cache), "cache") : null,
            Against = Of("against") is { } against ? Text(against) : null,
            Prepare = Of("prepare") is { } prepare ? Words(prepare) : [],
        };
    }

    static T At<T>(TomlNode node, string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecantException e) when (!e.Message.StartsWith(node.Place.Split(':')[0] + ":", StringComparison.Ordinal))
        {
            throw new DecantException($"{node.Place}: {key}: {e.Message}", e.Fix, e);
        }
    }

    static IReadOnlyList<KeyValuePair<string, TomlNode>> Known(TomlNode table, string[] known, string what)
    {
        IReadOnlyList<KeyValuePair<string, TomlNode>> keys = Keys(table);
        foreach ((string key, TomlNode value) in keys)
        {
            if (Array.IndexOf(known, key) < 0)
                throw new DecantException($"{value.Place}: {what} has no key {PathBytes.Printable(key)}", "the keys are " + string.Join(", ", known));
        }

        return keys;
    }

    static string Text(TomlNode node) => node.Text ?? throw new DecantException($"{node.Place}: this must be a string or a number");

    static IReadOnlyList<TomlNode> Items(TomlNode node) => node.Items ?? throw new DecantException($"{node.Place}: this must be an array");

    static IReadOnlyList<KeyValuePair<string, TomlNode>> Keys(TomlNode node) => node.Keys ?? throw new DecantException($"{node.Place}: this must be a table");

    /// <summary>One text, or an array of them.</summary>
    static ImmutableArray<string> List(TomlNode node) => node.Text is { } one ? [one] : [.. Items(node).Select(Text)];

    /// <summary>An array of words, or a line of them.</summary>
    static ImmutableArray<string> Words(TomlNode node) => node.Text is { } line ? CommandWords.Split(line) : [.. Items(node).Select(Text)];
}
