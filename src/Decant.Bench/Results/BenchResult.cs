using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What a session of trials gave: from a directory of <c>decant bench</c>, or from another tool's file.</summary>
public sealed record BenchResult
{
    /// <summary>One line, for headings.</summary>
    public required string Title { get; init; }

    /// <summary>Who measured: decant and its version, hyperfine, pyperf, …</summary>
    public required string Source { get; init; }

    /// <summary>The measured command; empty where it is not known, or differs between environments.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The baseline first.</summary>
    public required ImmutableArray<ResultEnvironment> Environments { get; init; }

    /// <summary>All that some trial has a value of; the primary one first.</summary>
    public required ImmutableArray<Metric> Metrics { get; init; }

    /// <summary>What was asked before the first trial; empty where nothing was declared.</summary>
    public ImmutableArray<Question> Questions { get; init; } = [];

    /// <summary>Where nothing was declared: the metrics that its authors conclude about; the first where that is not known.</summary>
    public ImmutableArray<string> Claims { get; init; } = [];

    /// <summary>What was asked; where nothing was, what its authors conclude about, of each environment against the first, with a margin of 1 %.</summary>
    public ImmutableArray<Question> QuestionsOrUsual() => !Questions.IsEmpty || Metrics.IsEmpty ? Questions :
    [
        .. from metric in Claims.DefaultIfEmpty(Metrics[0].Name)
           from arm in Environments.Skip(1)
           where arm.Repeats is null
           select new Question(metric, arm.Name, Environments[0].Name, EquivalenceMargin.Percent(1)),
    ];

    /// <summary>In the order of execution.</summary>
    public required ImmutableArray<Trial> Trials { get; init; }

    /// <summary>How it was measured: blocks, seed, page cache, gates. By name; empty where nothing is known.</summary>
    public ImmutableSortedDictionary<string, string> Design { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Facts of the machine: kernel, CPU, memory, GPUs. By name.</summary>
    public ImmutableSortedDictionary<string, string> Machine { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What limits the conclusions and was seen while measuring or importing: pooled runs, a missing field, a gate that timed out.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}
