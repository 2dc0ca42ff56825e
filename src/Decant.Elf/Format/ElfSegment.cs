namespace Decant.Elf;

/// <summary>A program header (elf(5), Elf64_Phdr).</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Address">In memory.</param>
/// <param name="FileSize">Bytes of it in the file.</param>
/// <param name="At">Where in the file the program header itself stands.</param>
readonly record struct ElfSegment(ElfSegmentType Type, ulong Offset, ulong Address, ulong FileSize, ulong At);
