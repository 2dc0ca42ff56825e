namespace Decant.Elf;

/// <summary>A symbol that an object wants and no object of its process provides.</summary>
/// <param name="Version">That it is to have; null for any.</param>
/// <param name="IsFatal">The program does not start; otherwise it ends when it first calls the symbol.</param>
public sealed record UnresolvedSymbol(string Name, ElfVersion? Version, LoadedObject RequiredBy, ElfReferenceKinds Kinds, bool IsFatal);
