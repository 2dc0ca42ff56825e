namespace Decant.Elf;

/// <summary>An object that exports a symbol.</summary>
/// <param name="Version">Null for a symbol without one.</param>
public sealed record SymbolProvider(LoadedObject Object, ElfVersion? Version);
