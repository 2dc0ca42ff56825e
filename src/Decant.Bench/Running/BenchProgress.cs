namespace Decant.Bench;

/// <summary>How far a session is.</summary>
/// <param name="Block">The block that is measured, from 1.</param>
/// <param name="Blocks">How many there will be, as far as is known.</param>
/// <param name="Trials">Trials done.</param>
/// <param name="AllTrials">Of how many.</param>
/// <param name="Environment">What is measured now.</param>
/// <param name="Phase">prime, gate or trial.</param>
/// <param name="Left">Time that the rest takes at the present pace; null before the first block is done.</param>
/// <param name="Result">What has been measured, for those who show it.</param>
public sealed record BenchProgress(int Block, int Blocks, int Trials, int AllTrials, string Environment, string Phase, TimeSpan? Left, Func<BenchResult> Result);
