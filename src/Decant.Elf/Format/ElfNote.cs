using System.Buffers.Binary;
using System.Text;

namespace Decant.Elf;

/// <summary>One entry of a note section (elf(5), Elf64_Nhdr) of a little-endian file.</summary>
/// <param name="Owner">Who defines what the content means: "GNU", "NVIDIA Corporation".</param>
public sealed record ElfNote(string Owner, uint Type, byte[] Content)
{
    const int HeaderBytes = 12;

    /// <summary>The entries of a section, as far as they are whole.</summary>
    public static IReadOnlyList<ElfNote> Parse(ReadOnlySpan<byte> section)
    {
        List<ElfNote> notes = [];
        while (section.Length >= HeaderBytes)
        {
            uint nameBytes = BinaryPrimitives.ReadUInt32LittleEndian(section), contentBytes = BinaryPrimitives.ReadUInt32LittleEndian(section[4..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(section[8..]);
            ulong contentAt = HeaderBytes + Aligned(nameBytes);
            if (contentAt + contentBytes > (ulong)section.Length)
                break;
            notes.Add(new ElfNote(Encoding.UTF8.GetString(section.Slice(HeaderBytes, (int)nameBytes)).TrimEnd('\0'), type, section.Slice((int)contentAt, (int)contentBytes).ToArray()));
            section = section[(int)Math.Min(contentAt + Aligned(contentBytes), (ulong)section.Length)..];
        }

        return notes;
    }

    static ulong Aligned(uint bytes) => ((ulong)bytes + 3) & ~3ul;
}
