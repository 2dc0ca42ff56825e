namespace Decant.Elf;

/// <summary>A name that the loader looked up, and what it bound it to.</summary>
/// <param name="Name">As DT_NEEDED or PT_INTERP has it.</param>
/// <param name="Path">The file, by the path that the loader used; null where the name is missing.</param>
/// <param name="RequestedBy">The path of the object that asked first.</param>
/// <param name="Source">The object whose RPATH or RUNPATH it was; null for the other rules.</param>
/// <param name="Problem">Why the loader gives up on this name; null where all is well.</param>
public sealed record LoadedLibrary(string Name, string? Path, BindingRule Rule, string RequestedBy, string? Source, string? Problem);
