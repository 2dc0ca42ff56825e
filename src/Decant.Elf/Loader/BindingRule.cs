namespace Decant.Elf;

/// <summary>Why the loader took a file for a name.</summary>
public enum BindingRule
{
    /// <summary>Nothing was found.</summary>
    Missing,

    /// <summary>The program's PT_INTERP.</summary>
    Interpreter,

    /// <summary>Something that is loaded already has the name, as its soname or as a name that it was found by.</summary>
    AlreadyLoaded,

    /// <summary>LD_PRELOAD or ld.so.preload names it.</summary>
    Preload,

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

    /// <summary>A directory built into the loader; for musl also one of its path file.</summary>
    SystemDirectory,

    /// <summary>musl's libc is the loader itself.</summary>
    LoaderItself,
}
