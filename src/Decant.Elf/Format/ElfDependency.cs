namespace Decant.Elf;

/// <summary>A library that an object names in its dynamic segment.</summary>
public readonly record struct ElfDependency(ElfDependencyKind Kind, string Name);
