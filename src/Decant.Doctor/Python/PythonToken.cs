namespace Decant.Doctor;

/// <param name="Depth">Of brackets around it.</param>
/// <param name="Line">From 1.</param>
readonly record struct PythonToken(PythonTokenKind Kind, int Start, int Length, int Depth, int Line);
