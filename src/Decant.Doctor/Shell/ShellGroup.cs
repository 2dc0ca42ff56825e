namespace Decant.Doctor;

/// <summary>"{ LIST; }", or "( LIST )" in a process of its own.</summary>
sealed record ShellGroup(ShellList Body, bool IsSubshell, int Line) : ShellNode(Line);
