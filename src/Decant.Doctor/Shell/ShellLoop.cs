namespace Decant.Doctor;

/// <summary>"for", "while", "until" and bash's "select".</summary>
/// <param name="Keyword">Which of them.</param>
/// <param name="Variable">Of "for" and "select"; empty for the others.</param>
/// <param name="Values">Null where "for" goes over the arguments.</param>
/// <param name="Condition">Of "while" and "until"; null for the others.</param>
sealed record ShellLoop(string Keyword, string Variable, IReadOnlyList<ShellTerm>? Values, ShellList? Condition, ShellList Body, int Line) : ShellNode(Line);
