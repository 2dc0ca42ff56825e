namespace Decant.Cli;

/// <summary>What is left where no change of the environment removes all errors.</summary>
/// <param name="Changes">Those that lead furthest.</param>
/// <param name="Findings">The errors with them.</param>
sealed record ObstacleReport(IReadOnlyList<ChangeReport> Changes, IReadOnlyList<FindingReport> Findings);
