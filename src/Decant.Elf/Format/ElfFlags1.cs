namespace Decant.Elf;

/// <summary>DT_FLAGS_1, the bits that change how an object is found or bound (elf.h).</summary>
[Flags]
public enum ElfFlags1 : uint
{
    None = 0,
    Now = 0x1,
    Global = 0x2,
    NoDelete = 0x8,
    NoOpen = 0x40,
    Origin = 0x80,
    Interpose = 0x400,

    /// <summary>Neither the system directories nor cache entries below them are searched for this object's needs.</summary>
    NoDefaultLibraries = 0x800,
    PositionIndependentExecutable = 0x8000000,
}
