namespace Decant.Elf;

/// <summary>A symbol that an object's relocations bind.</summary>
/// <param name="Symbol">Its number in the object's symbol table.</param>
readonly record struct ElfReference(int Symbol, ElfReferenceKinds Kinds);
