namespace Decant.Doctor;

/// <summary>As much of a token of Python source as matters to imports.</summary>
enum PythonTokenKind
{
    /// <summary>An identifier or keyword.</summary>
    Name,

    /// <summary>A string, with its prefix and quotes.</summary>
    Text,

    Number,

    /// <summary>One character of an operator or bracket; only ":=" is two.</summary>
    Sign,
}
