namespace Decant.Launch;

/// <summary>Why the host refuses something, and how to change that.</summary>
/// <param name="Cause">A clause without a full stop, for "REFUSED: CAUSE".</param>
/// <param name="Fix">The command or the file; null where decant knows none.</param>
public sealed record Advice(string Cause, string? Fix);
