using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What one run of the command gave.</summary>
/// <param name="Started">By the wall clock.</param>
/// <param name="Failure">Why it does not count; null where it does.</param>
/// <param name="Values">By the metric's name.</param>
/// <param name="Files">What has most of the page cache after it.</param>
/// <param name="Metrics">What the workload's own figures are; empty where it has none.</param>
/// <param name="Observed">The command's process as it was seen; null where it ended too soon.</param>
sealed record TrialOutcome(
    DateTimeOffset Started, string? Failure, ImmutableSortedDictionary<string, double> Values, ImmutableArray<CachedFile> Files, ImmutableArray<string> Remarks, ImmutableArray<Metric> Metrics,
    ObservedProcess? Observed, IReadOnlyList<Sample> Samples);
