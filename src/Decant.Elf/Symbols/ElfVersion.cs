namespace Decant.Elf;

/// <summary>A version that a symbol of an object has or wants (LSB core, "Symbol versioning").</summary>
/// <param name="Name">Such as GLIBC_2.34.</param>
/// <param name="Hash">The SysV hash of the name, as stored.</param>
/// <param name="Hidden">Only a reference that names the version may bind to it.</param>
/// <param name="File">The soname that has to define it; null for the object's own.</param>
public sealed record ElfVersion(string Name, uint Hash, bool Hidden, string? File);
