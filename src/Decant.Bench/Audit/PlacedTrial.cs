namespace Decant.Bench;

/// <summary>A trial and the result that it is of.</summary>
sealed record PlacedTrial(BenchResult Result, Trial Trial);
