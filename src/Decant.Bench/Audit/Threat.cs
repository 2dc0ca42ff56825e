namespace Decant.Bench;

/// <summary>What else than the environments may explain a result, found in the result's own data.</summary>
/// <param name="Id">What was looked for, lower case with hyphens: blocked-order, drift, carry-over; docs/import.md lists them.</param>
/// <param name="Workload">The title of the result that it is about; null where it is about all results of the session.</param>
/// <param name="Sentence">What it is and what it means, for one who decides.</param>
/// <param name="Evidence">The figures that show it.</param>
public sealed record Threat(string Id, ThreatSeverity Severity, string? Workload, string Sentence, string Evidence);
