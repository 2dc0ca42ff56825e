namespace Decant.Bench;

/// <summary>What is measured of each trial.</summary>
/// <param name="Name">Lower case, words joined by _, parts by dots: wall, memory.peak, output_tokens_per_second.</param>
/// <param name="Unit">Of the values: s, B, 1/s, tokens/s, W, J, or what the workload's own output says. Empty for a count.</param>
/// <param name="Direction">Which values are better.</param>
/// <param name="Meaning">One sentence: what is counted, and by whom.</param>
/// <param name="DerivedFrom">What the figure was computed from, where it is not a measurement of the workload itself: a KV cache's size from free memory. Null where it is one.</param>
public sealed record Metric(string Name, string Unit, Direction Direction, string Meaning, string? DerivedFrom = null);
