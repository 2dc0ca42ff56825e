namespace Decant.Doctor;

/// <summary>A statement that imports, or one part of it: "import a, b" are two.</summary>
/// <param name="Module">Dotted; empty for "from . import x".</param>
/// <param name="Level">The dots before it.</param>
/// <param name="Names">Of "from X import a, b"; "*" for all; null for "import X".</param>
/// <param name="Line">From 1; where the statement begins.</param>
sealed record PythonImport(string Module, int Level, IReadOnlyList<string>? Names, int Line, PythonReach Reach);
