namespace Decant.Doctor;

/// <summary>What keeps a text from being Python, in any version that is known here.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Error">The exception's name: SyntaxError, IndentationError or TabError.</param>
/// <param name="What">In a few words.</param>
sealed record PythonFault(int Line, string Error, string What)
{
    public static PythonFault Syntax(int line, string what) => new(line, "SyntaxError", what);

    public static PythonFault Indentation(int line, string what) => new(line, "IndentationError", what);
}
