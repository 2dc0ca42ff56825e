namespace Decant.Bench;

/// <summary>A line of samples.jsonl: the samples of one trial.</summary>
sealed record SessionSamples(int Trial, IReadOnlyList<Sample> Samples);
