namespace Decant.Elf;

/// <summary>One of the places in which a name was searched.</summary>
/// <param name="Source">The object whose RPATH or RUNPATH it was; null for the other rules.</param>
/// <param name="Directories">With tokens expanded, without the subdirectories for kinds of CPU; of the cache, its own path.</param>
public sealed record SearchedPlace(BindingRule Rule, LoadedObject? Source, IReadOnlyList<string> Directories);
