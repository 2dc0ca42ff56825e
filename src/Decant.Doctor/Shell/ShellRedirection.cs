namespace Decant.Doctor;

/// <param name="Operator">"&gt;", "&lt;&lt;" and their like.</param>
sealed record ShellRedirection(string Operator, ShellTerm Target);
