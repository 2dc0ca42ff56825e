namespace Decant.Elf;

/// <summary>STB_*: the high half of st_info.</summary>
public enum ElfBinding : byte
{
    Local = 0,
    Global = 1,
    Weak = 2,
    Unique = 10,
}
