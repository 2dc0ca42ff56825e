namespace Decant.Elf;

/// <summary>Reads the header, the program headers and the dynamic segment of one file.</summary>
readonly ref struct ElfParser
{
    const ushort ManyHeaders = 0xffff;

    readonly string name;
    readonly ElfBytes file;
    readonly bool wide;
    readonly bool bigEndian;

    public ElfParser(ReadOnlySpan<byte> bytes, string name)
    {
        this.name = name;
        if (bytes.IsEmpty)
            throw new ElfFormatException(name, 0, "the file is empty");
        if (!ElfFile.HasMagic(bytes))
            throw new ElfFormatException(name, 0, "no ELF header");
        if (bytes.Length < 16)
            throw new ElfFormatException(name, (ulong)bytes.Length, "the file ends inside the ELF header");
        if (bytes[4] is not (1 or 2))
            throw new ElfFormatException(name, 4, $"class {bytes[4]} is neither ELF32 nor ELF64");
        if (bytes[5] is not (1 or 2))
            throw new ElfFormatException(name, 5, $"byte order {bytes[5]} is neither little nor big endian");
        wide = bytes[4] == 2;
        bigEndian = bytes[5] == 2;
        file = new ElfBytes(bytes, name, bigEndian, wide);
    }

    public ElfFile Parse()
    {
        List<Segment> segments = Segments();
        ElfFile elf = new()
        {
            Name = name,
            Class = wide ? ElfClass.Elf64 : ElfClass.Elf32,
            ByteOrder = bigEndian ? ElfByteOrder.BigEndian : ElfByteOrder.LittleEndian,
            Type = (ElfType)file.U16(16),
            Machine = (ElfMachine)file.U16(18),
        };
        foreach (Segment segment in segments)
        {
            if (segment.Type == SegmentType.Interpreter)
                elf = elf with { Interpreter = file.Text(segment.Offset, End(segment), "the interpreter's name") };
        }

        foreach (Segment segment in segments)
        {
            // The kernel's loader and glibc both take the last; linkers write one.
            if (segment.Type == SegmentType.Dynamic)
                elf = Dynamic(elf, segment, segments);
        }

        return elf;
    }

    List<Segment> Segments()
    {
        ulong at = file.Word(wide ? 32u : 28u);
        ulong entrySize = file.U16(wide ? 54u : 42u);
        ulong count = file.U16(wide ? 56u : 44u);
        // PN_XNUM: the number does not fit and stands in the first section header's sh_info.
        if (count == ManyHeaders)
            count = file.U32(file.Word(wide ? 40u : 32u) + (wide ? 44u : 28u));
        List<Segment> segments = [];
        if (count == 0)
            return segments;
        ulong expected = wide ? 56u : 32u;
        if (entrySize != expected)
            throw new ElfFormatException(name, wide ? 54u : 42u, $"program headers of {entrySize} bytes, where this class has {expected}");
        file.Slice(at, count * entrySize);
        for (ulong i = 0; i < count; i++)
            segments.Add(ReadSegment(at + (i * entrySize)));
        return segments;
    }

    Segment ReadSegment(ulong at) => wide
        ? new Segment((SegmentType)file.U32(at), file.U64(at + 8), file.U64(at + 16), file.U64(at + 32), at)
        : new Segment((SegmentType)file.U32(at), file.U32(at + 4), file.U32(at + 8), file.U32(at + 16), at);

    ElfFile Dynamic(ElfFile elf, Segment dynamic, List<Segment> segments)
    {
        ulong end = End(dynamic);
        ulong size = wide ? 16u : 8u;
        ulong? soname = null, rpath = null, runpath = null, table = null;
        ulong tableSize = 0;
        ElfFlags1 flags1 = ElfFlags1.None;
        List<ulong> needed = [];
        for (ulong at = dynamic.Offset; at + size <= end; at += size)
        {
            DynamicTag tag = (DynamicTag)file.Word(at);
            ulong value = file.Word(at + (size / 2));
            if (tag == DynamicTag.Null)
                break;
            switch (tag)
            {
                case DynamicTag.Needed: needed.Add(value); break;
                case DynamicTag.StringTable: table = value; break;
                case DynamicTag.StringSize: tableSize = value; break;
                case DynamicTag.Soname: soname = value; break;
                case DynamicTag.Rpath: rpath = value; break;
                case DynamicTag.Runpath: runpath = value; break;
                case DynamicTag.Flags1: flags1 = (ElfFlags1)(uint)value; break;
            }
        }

        elf = elf with { IsDynamic = true, Flags1 = flags1 };
        if (needed.Count == 0 && soname is null && rpath is null && runpath is null)
            return elf;
        if (table is not ulong address)
            throw new ElfFormatException(name, dynamic.Offset, "the dynamic segment names strings but has no string table");
        ulong start = FileOffset(address, segments, dynamic.Offset);
        if (start > file.Length || tableSize > file.Length - start)
            throw new ElfFormatException(name, dynamic.Offset, $"a string table of {tableSize} bytes at byte {start} does not fit into the file");
        ulong stop = start + tableSize;
        string[] names = new string[needed.Count];
        for (int i = 0; i < names.Length; i++)
            names[i] = Entry(start, stop, needed[i], "a needed library's name")!;
        return elf with
        {
            Needed = names,
            Soname = Entry(start, stop, soname, "the soname"),
            Rpath = Entry(start, stop, rpath, "the RPATH"),
            Runpath = Entry(start, stop, runpath, "the RUNPATH"),
        };
    }

    string? Entry(ulong start, ulong stop, ulong? offset, string what)
    {
        if (offset is not ulong value)
            return null;
        if (value >= stop - start)
            throw new ElfFormatException(name, start, $"{what} is at offset {value} of a string table of {stop - start} bytes");
        return file.Text(start + value, stop, what);
    }

    /// <summary>DT_STRTAB is an address in memory; the loadable segment around it says where that is in the file.</summary>
    ulong FileOffset(ulong address, List<Segment> segments, ulong at)
    {
        foreach (Segment segment in segments)
        {
            if (segment.Type == SegmentType.Load && address >= segment.Address && address - segment.Address < segment.FileSize)
                return segment.Offset + (address - segment.Address);
        }

        throw new ElfFormatException(name, at, $"the string table's address 0x{address:x} is in no loaded segment");
    }

    ulong End(Segment segment)
    {
        if (segment.Offset > file.Length || segment.FileSize > file.Length - segment.Offset)
            throw new ElfFormatException(name, segment.At, $"the {segment.Type} segment of {segment.FileSize} bytes at byte {segment.Offset} does not fit into the file of {file.Length} bytes");
        return segment.Offset + segment.FileSize;
    }

    /// <param name="At">Where the program header itself stands.</param>
    readonly record struct Segment(SegmentType Type, ulong Offset, ulong Address, ulong FileSize, ulong At);

    enum SegmentType : uint
    {
        Load = 1,
        Dynamic = 2,
        Interpreter = 3,
    }

    enum DynamicTag : ulong
    {
        Null = 0,
        Needed = 1,
        StringTable = 5,
        StringSize = 10,
        Soname = 14,
        Rpath = 15,
        Runpath = 29,
        Flags1 = 0x6ffffffb,
    }
}
