namespace Decant.Doctor;

/// <param name="Clauses">Patterns, what is done, and whether it ends with ";;" and not with bash's ";&amp;" or ";;&amp;".</param>
sealed record ShellCase(ShellTerm Subject, IReadOnlyList<(IReadOnlyList<ShellTerm> Patterns, ShellList Body, bool Ends)> Clauses, int Line) : ShellNode(Line);
