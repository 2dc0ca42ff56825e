namespace Decant.Doctor;

/// <param name="Branches">"if" and each "elif": what decides, and what is done.</param>
/// <param name="Else">Null for none.</param>
sealed record ShellIf(IReadOnlyList<(ShellList Condition, ShellList Body)> Branches, ShellList? Else, int Line) : ShellNode(Line);
