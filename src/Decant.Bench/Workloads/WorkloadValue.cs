namespace Decant.Bench;

/// <summary>A figure that a workload printed about itself.</summary>
/// <param name="Metric">Its name is unique among those of one output.</param>
/// <param name="Value">In the metric's unit: times in s and sizes in B, whatever was printed.</param>
/// <param name="Scope">What part of the work it is about: "8 B messages", "tg128", "rank 1"; empty for all of it.</param>
/// <param name="Phase">When: load, profiling, serving; empty for the run.</param>
/// <param name="SourceLine">The line of the output that it stands on, from 1.</param>
public sealed record WorkloadValue(Metric Metric, double Value, string Scope, string Phase, int SourceLine);
