namespace Decant.Elf;

/// <summary>What one object's reference to a symbol is bound to.</summary>
/// <param name="Wanted">The version that the reference names; null for any.</param>
/// <param name="IsWeak">It may stay unbound.</param>
/// <param name="Provider">Null where nobody has it.</param>
/// <param name="Bound">The version under which the provider has it; null for none.</param>
public sealed record SymbolBinding(LoadedObject By, string Name, ElfVersion? Wanted, ElfReferenceKinds Kinds, bool IsWeak, LoadedObject? Provider, ElfVersion? Bound);
