using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Decant.Bench;

/// <summary>One start of the command in one environment: the unit of replication (Kalibera and Jones, ISMM 2013: repeat where the variance arises).</summary>
public sealed record Trial
{
    /// <summary>From 0 in the order of execution, over the whole session.</summary>
    public required int Number { get; init; }

    /// <summary>From 0; each block runs each environment once. Null where trials do not come in blocks.</summary>
    public int? Block { get; init; }

    /// <summary>The name of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>The number that a foreign file gives the trial within its environment: where it comes twice, runs of several starts were pooled. Null where none is given.</summary>
    public int? Iteration { get; init; }

    /// <summary>Wall-clock time, for people and for joining with other logs; durations come from the monotonic clock.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Why the trial does not count: an exit code, a signal, a missing line of output. Null where it counts.</summary>
    public string? Failure { get; init; }

    /// <summary>By the metric's name. A metric that could not be read is absent.</summary>
    public ImmutableSortedDictionary<string, double> Values { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What has most of the page cache after it, of each class of files that is counted: 20 files of it at most, each with 1 MiB or more.</summary>
    public ImmutableArray<CachedFile> Files { get; init; } = [];

    /// <summary>What happened around it that may explain an odd value: swapping, throttling, a gate that timed out.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];

    /// <summary>Looks at the running trial, in order; they have a file of their own. Empty where there were none.</summary>
    [JsonIgnore]
    public ImmutableArray<Sample> Samples { get; init; } = [];

    /// <summary>Whether the trial counts.</summary>
    public bool Counts => Failure is null;
}
