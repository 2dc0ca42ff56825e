namespace Decant.Elf;

/// <summary>A version that an object wants of a library, which does not define it: the program does not start.</summary>
public sealed record MissingVersion(string Version, LoadedObject Library, LoadedObject RequiredBy);
