namespace Decant.Doctor;

/// <summary>A text is no shell's, or of more than is understood here.</summary>
/// <param name="line">Of the text, from 1.</param>
sealed class ShellSyntaxException(string message, int line) : Exception(message)
{
    public int Line { get; } = line;
}
