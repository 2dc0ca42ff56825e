namespace Decant.Doctor;

/// <summary>What the directory of plugins is relative to.</summary>
enum PluginOrigin
{
    /// <summary>The directory of the library's file, links followed, and that of the path by which it was found.</summary>
    Beside,

    /// <summary>The directories that the library's own strings name.</summary>
    Named,

    /// <summary>The root.</summary>
    Fixed,
}
