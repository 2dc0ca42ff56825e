namespace Decant.Elf;

/// <summary>A program header (elf(5), Elf64_Phdr).</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Address">In memory.</param>
/// <param name="FileSize">Bytes of it in the file.</param>
/// <param name="At">Where in the file the program header itself stands.</param>
readonly record struct ElfSegment(ElfSegmentType Type, ulong Offset, ulong Address, ulong FileSize, ulong At);

/// <summary>p_type.</summary>
enum ElfSegmentType : uint
{
    Load = 1,
    Dynamic = 2,
    Interpreter = 3,
    Note = 4,
    GnuProperty = 0x6474e553,
}
