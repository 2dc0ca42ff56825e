namespace Decant.Doctor;

/// <summary>The programs that could be loaded of commands which start one another, outermost first.</summary>
/// <param name="Most">No finding about them is worse.</param>
sealed record ExaminedChain(IReadOnlyList<LoadedCommand> Commands, FindingSeverity Most);
