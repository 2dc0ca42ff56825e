namespace Decant.Doctor;

/// <summary>How far a command could be mended, and what is in the way then.</summary>
/// <param name="Changes">At least one.</param>
/// <param name="Errors">With the changes.</param>
public sealed record Obstacle(IReadOnlyList<EnvironmentChange> Changes, IReadOnlyList<Finding> Errors);
