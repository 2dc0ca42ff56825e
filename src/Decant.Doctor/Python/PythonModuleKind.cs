namespace Decant.Doctor;

enum PythonModuleKind
{
    /// <summary>In the interpreter itself, or loaded before anything is searched.</summary>
    BuiltIn,

    Source,

    /// <summary>Only compiled (.pyc).</summary>
    Bytecode,

    Extension,

    /// <summary>A directory without __init__.py (PEP 420).</summary>
    Namespace,

    /// <summary>In a zip archive.</summary>
    Archived,
}
