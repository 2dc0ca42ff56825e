using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>The JSON that one tool writes.</summary>
abstract class ResultFormat
{
    /// <summary>What is to be known of trials that are not each a process of its own.</summary>
    protected const string WithinOneProcess =
        "The trials are iterations inside one process, which is fewer than they look: what differs from start to start is not in them.";

    public abstract string Tool { get; }

    /// <summary>Whether the document has the members by which this tool's files are told from those of others.</summary>
    public abstract bool Wrote(JsonPlace root);

    /// <param name="name">The file's, without its extension: it names the environment where the file tells none.</param>
    /// <exception cref="UnreadableException">Something is missing or of the wrong kind.</exception>
    public abstract IReadOnlyList<BenchResult> Read(JsonPlace root, string name);

    /// <summary>The members of an object that are texts, numbers or truth values, for facts.</summary>
    protected static ImmutableSortedDictionary<string, string> Facts(JsonPlace? of, params string[] without)
    {
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonPlace value) in of?.Members() ?? [])
        {
            if (!without.Contains(name) && value.Shown() is { Length: > 0 } text)
                facts[name] = text;
        }

        return facts.ToImmutable();
    }

    /// <summary>Only the metrics that some trial has a value of; where none has any, the first, so that there is something to say it of.</summary>
    protected static ImmutableArray<Metric> Seen(IReadOnlyCollection<Trial> trials, params IEnumerable<Metric> metrics)
    {
        Metric[] all = [.. metrics];
        ImmutableArray<Metric> seen = [.. all.Where(metric => trials.Any(trial => trial.Values.ContainsKey(metric.Name)))];
        return seen.IsEmpty ? [.. all.Take(1)] : seen;
    }

    protected static ImmutableSortedDictionary<string, double> Values(params IEnumerable<(string Metric, double? Value)> values) =>
        values.Where(one => one.Value is not null).ToImmutableSortedDictionary(one => one.Metric, one => one.Value!.Value, StringComparer.Ordinal);

    /// <summary>Names that are told apart: the second "sleep" is "sleep (2)".</summary>
    protected static string[] Unique(IEnumerable<string> names)
    {
        HashSet<string> taken = [];
        List<string> unique = [];
        foreach (string name in names)
        {
            string own = name;
            for (int i = 2; !taken.Add(own); i++)
                own = $"{name} ({i})";
            unique.Add(own);
        }

        return [.. unique];
    }
}
