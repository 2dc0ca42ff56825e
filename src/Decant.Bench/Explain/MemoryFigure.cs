namespace Decant.Bench;

/// <summary>One figure of memory that a log tells.</summary>
/// <param name="Value">The metric of trtllm-log or vllm-log.</param>
/// <param name="Explanation">One sentence: what was counted, by which call, and what is in it that is not of the process.</param>
public sealed record MemoryFigure(WorkloadValue Value, string Explanation);
