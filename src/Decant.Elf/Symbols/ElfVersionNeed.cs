namespace Decant.Elf;

/// <summary>Verneed's entries: a version that a library has to define.</summary>
/// <param name="IsWeak">VER_FLG_WEAK: its absence is no error.</param>
public sealed record ElfVersionNeed(string File, string Version, uint Hash, bool IsWeak);
