namespace Decant.Doctor;

/// <summary>A program that a shell starts.</summary>
/// <param name="Most">No finding about it is worse: what may not be reached, or is passed over, cannot fail the whole.</param>
sealed record ShellStarted(ExaminedCommand Command, FindingSeverity Most);
