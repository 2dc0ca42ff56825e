using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>A line of samples.jsonl: the samples of one trial.</summary>
sealed record SessionSamples(int Trial, ImmutableArray<Sample> Samples);
