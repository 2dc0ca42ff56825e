namespace Decant.Doctor;

/// <summary>An element of sys.path.</summary>
/// <param name="Directory">Absolute; it need not exist.</param>
/// <param name="Origin">Why it is there, in a few words.</param>
sealed record PythonPathElement(string Directory, PythonPlace Place, string Origin);
