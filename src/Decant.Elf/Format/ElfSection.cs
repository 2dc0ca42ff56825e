using System.Text;

namespace Decant.Elf;

/// <summary>A section header (elf(5), Elf64_Shdr). Loaders need none; tools find in them what is no table of the loader's.</summary>
/// <param name="Name">Such as ".rodata".</param>
/// <param name="Offset">In the file, bytes.</param>
/// <param name="Size">In the file, bytes; 0 for what has none there.</param>
readonly record struct ElfSection(string Name, ulong Offset, ulong Size)
{
    const uint NoBits = 8;
    const ushort NumberIsElsewhere = 0xffff;

    /// <summary>Linkers write some dozens into what can be loaded.</summary>
    const ulong MostSections = 1 << 14;

    const ulong MostNameBytes = 1 << 20;

    /// <summary>In the file's order; none where it was stripped of them.</summary>
    /// <exception cref="ElfFormatException">The headers do not fit into the file, or name one another wrongly.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<ElfSection> ReadAll(Stream file, ElfFile elf)
    {
        ElfReader reader = new(file, elf.Name);
        bool wide = elf.Class == ElfClass.Elf64, bigEndian = elf.ByteOrder == ElfByteOrder.BigEndian;
        ElfBytes Part(ulong at, ulong length) => new(reader.Read(at, length), elf.Name, bigEndian, wide, at);

        ElfBytes header = Part(0, wide ? 64u : 52u);
        ulong start = header.Word(wide ? 40u : 32u), entry = header.U16(wide ? 58u : 46u), count = header.U16(wide ? 60u : 48u), names = header.U16(wide ? 62u : 50u);
        ulong expected = wide ? 64u : 40u;
        if (start == 0)
            return [];
        if (entry != expected)
            throw new ElfFormatException(elf.Name, wide ? 58u : 46u, $"section headers of {entry} bytes, where this class has {expected}");
        // Of more sections than the field holds the first header tells the number (sh_size) and where their names are (sh_link).
        if (count == 0 || names == NumberIsElsewhere)
        {
            ElfBytes first = Part(start, entry);
            count = count == 0 ? first.Word(start + (wide ? 32u : 20u)) : count;
            names = names == NumberIsElsewhere ? first.U32(start + (wide ? 40u : 24u)) : names;
        }

        if (count > MostSections || names >= count)
            throw new ElfFormatException(elf.Name, start, $"{count} section headers, the names of which are in the {names}th");
        List<(uint Name, ulong Offset, ulong Size)> headers = [];
        ElfBytes table = Part(start, count * entry);
        for (ulong at = start; at < start + (count * entry); at += entry)
            headers.Add((table.U32(at), table.Word(at + (wide ? 24u : 16u)), table.U32(at + 4) == NoBits ? 0 : table.Word(at + (wide ? 32u : 20u))));
        (_, ulong textAt, ulong textSize) = headers[(int)names];
        if (textSize > MostNameBytes)
            throw new ElfFormatException(elf.Name, start, $"the names of its sections take {textSize} bytes");
        byte[] text = reader.Read(textAt, textSize).ToArray();
        return headers.ConvertAll(one => new ElfSection(NameAt(text, one.Name), one.Offset, one.Size));
    }

    static string NameAt(byte[] names, uint at)
    {
        if (at >= names.Length)
            return "";
        ReadOnlySpan<byte> rest = names.AsSpan((int)at);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
