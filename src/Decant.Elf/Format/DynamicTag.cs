namespace Decant.Elf;

/// <summary>d_tag of the dynamic segment's entries (elf.h).</summary>
enum DynamicTag : ulong
{
    Null = 0,
    Needed = 1,
    PltRelSize = 2,
    Hash = 4,
    StringTable = 5,
    SymbolTable = 6,
    Rela = 7,
    RelaSize = 8,
    StringSize = 10,
    Soname = 14,
    Rpath = 15,
    Symbolic = 16,
    Rel = 17,
    RelSize = 18,
    PltRel = 20,
    JmpRel = 23,
    BindNow = 24,
    Runpath = 29,
    Flags = 30,
    GnuHash = 0x6ffffef5,
    VersionSymbols = 0x6ffffff0,
    Flags1 = 0x6ffffffb,
    VersionDefinitions = 0x6ffffffc,
    VersionDefinitionCount = 0x6ffffffd,
    VersionNeeds = 0x6ffffffe,
    VersionNeedCount = 0x6fffffff,
    Auxiliary = 0x7ffffffd,
    Filter = 0x7fffffff,
}
