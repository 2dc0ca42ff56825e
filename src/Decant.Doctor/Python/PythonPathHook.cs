namespace Decant.Doctor;

/// <summary>A line of a .pth file that is run: it may bring modules that stand nowhere on sys.path.</summary>
/// <param name="File">Of the line.</param>
sealed record PythonPathHook(string File, string Line);
