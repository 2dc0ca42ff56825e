namespace Decant.Doctor;

/// <summary>Why a directory is on sys.path.</summary>
enum PythonPlace
{
    Script,
    WorkingDirectory,

    /// <summary>PYTHONPATH.</summary>
    Variable,

    /// <summary>The standard library: its zip archive, sources and extension modules.</summary>
    Library,

    UserSite,
    Site,

    /// <summary>A .pth file, or a ._pth file.</summary>
    PathFile,
}
