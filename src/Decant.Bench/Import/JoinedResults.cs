namespace Decant.Bench;

/// <summary>What several files hold together.</summary>
/// <param name="Separate">Why they are shown one after another and not held against each other; null where they are.</param>
public sealed record JoinedResults(IReadOnlyList<BenchResult> Results, string? Separate);
