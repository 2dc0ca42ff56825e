namespace Decant.Doctor;

/// <summary>Commands one after the other.</summary>
sealed record ShellList(IReadOnlyList<ShellAndOr> Items);
