namespace Decant.Doctor;

/// <summary>A token of a shell's text (XCU 2.3).</summary>
/// <param name="Text">Of an operator; empty for a word.</param>
/// <param name="Word">Null for anything else.</param>
/// <param name="Line">From 1.</param>
sealed record ShellToken(ShellTokenKind Kind, string Text, ShellTerm? Word, int Line)
{
    public bool IsOperator(string text) => Kind == ShellTokenKind.Operator && Text == text;
}
