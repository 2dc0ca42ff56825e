namespace Decant.Doctor;

/// <summary>Commands that run at the same time, joined by "|"; one at least.</summary>
sealed record ShellPipeline(bool IsNegated, IReadOnlyList<ShellNode> Commands);
