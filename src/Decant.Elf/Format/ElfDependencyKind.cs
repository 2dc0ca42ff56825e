namespace Decant.Elf;

/// <summary>How an object names a library.</summary>
public enum ElfDependencyKind
{
    /// <summary>DT_NEEDED.</summary>
    Needed,

    /// <summary>DT_FILTER: its symbols stand in for the object's own; it must be there.</summary>
    Filter,

    /// <summary>DT_AUXILIARY: the same, but it may be missing.</summary>
    Auxiliary,
}
