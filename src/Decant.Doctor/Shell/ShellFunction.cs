namespace Decant.Doctor;

sealed record ShellFunction(string Name, ShellNode Body, int Line) : ShellNode(Line);
