namespace Decant.Doctor;

/// <summary>A module as an import would find it.</summary>
/// <param name="Name">Dotted.</param>
/// <param name="File">Of its code; empty where there is none.</param>
/// <param name="Directories">Of a package: where its submodules are searched; null for what is no package.</param>
sealed record PythonModule(string Name, PythonModuleKind Kind, string File, IReadOnlyList<string>? Directories)
{
    /// <summary>The element of sys.path that had it; null where that was none, and for submodules.</summary>
    public PythonPathElement? Element { get; init; }
}
