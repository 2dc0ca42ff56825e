namespace Decant.Doctor;

/// <summary>Variables, then a program, builtin or function with its arguments; either may be empty, not both.</summary>
/// <param name="Assignments">With the variable's name; a term of null is an array, or adds to the variable.</param>
sealed record ShellSimple(IReadOnlyList<(string Name, ShellTerm? Value)> Assignments, IReadOnlyList<ShellTerm> Words, int Line) : ShellNode(Line);
