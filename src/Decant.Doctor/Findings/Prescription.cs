namespace Decant.Doctor;

/// <summary>The smallest change of the environment that was found to make every error go away, proved by examining the command again with it.</summary>
/// <param name="Changes">All of them are needed.</param>
public sealed record Prescription(IReadOnlyList<EnvironmentChange> Changes);
