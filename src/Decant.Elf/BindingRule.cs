namespace Decant.Elf;

/// <summary>Why the loader took a file for a name.</summary>
public enum BindingRule
{
    /// <summary>Nothing was found.</summary>
    Missing,

    /// <summary>The program's PT_INTERP.</summary>
    Interpreter,

    /// <summary>The name holds a slash and is itself the path.</summary>
    PathName,

    /// <summary>DT_RPATH of the object, of one that loaded it, or of the program.</summary>
    Rpath,

    /// <summary>LD_LIBRARY_PATH.</summary>
    LibraryPath,

    /// <summary>DT_RUNPATH of the object itself.</summary>
    Runpath,

    /// <summary>ld.so.cache.</summary>
    Cache,

    /// <summary>A directory built into the loader.</summary>
    SystemDirectory,
}
