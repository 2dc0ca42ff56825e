namespace Decant.Elf;

/// <summary>p_type.</summary>
enum ElfSegmentType : uint
{
    Load = 1,
    Dynamic = 2,
    Interpreter = 3,
}
