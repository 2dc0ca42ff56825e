namespace Decant.Doctor;

/// <summary>A command whose outcome is not worked out, and that starts nothing: "((...))", "[[ a &amp;&amp; b ]]".</summary>
/// <param name="Assigned">Variables that it may set.</param>
sealed record ShellOpaque(IReadOnlyList<string> Assigned, int Line) : ShellNode(Line);
