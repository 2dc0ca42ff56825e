namespace Decant.Elf;

/// <summary>Reads the header, the program headers and the dynamic segment of one file.</summary>
sealed class ElfParser
{
    const ushort ManyHeaders = 0xffff;
    const ulong DynamicFlagSymbolic = 2;
    const ulong DynamicFlagBindNow = 8;

    readonly ElfReader file;
    readonly string name;
    readonly bool wide;
    readonly bool bigEndian;

    public ElfParser(ElfReader file, string name)
    {
        this.file = file;
        this.name = name;
        if (file.Length == 0)
            throw new ElfFormatException(name, 0, "the file is empty");
        ReadOnlySpan<byte> identity = file.Read(0, Math.Min(file.Length, 16));
        if (!ElfFile.HasMagic(identity))
            throw new ElfFormatException(name, 0, "no ELF header");
        if (identity.Length < 16)
            throw new ElfFormatException(name, (ulong)identity.Length, "the file ends inside the ELF header");
        if (identity[4] is not (1 or 2))
            throw new ElfFormatException(name, 4, $"class {identity[4]} is neither ELF32 nor ELF64");
        if (identity[5] is not (1 or 2))
            throw new ElfFormatException(name, 5, $"byte order {identity[5]} is neither little nor big endian");
        wide = identity[4] == 2;
        bigEndian = identity[5] == 2;
    }

    public ElfFile Parse()
    {
        List<ElfSegment> segments = Segments();
        ElfFile elf = Header();
        foreach (ElfSegment segment in segments)
        {
            if (segment.Type == ElfSegmentType.Interpreter)
                elf = elf with { Interpreter = Whole(segment).Text(segment.Offset, segment.Offset + segment.FileSize, "the interpreter's name") };
        }

        foreach (ElfSegment segment in segments)
        {
            // The kernel's loader and glibc both take the last; linkers write one.
            if (segment.Type == ElfSegmentType.Dynamic)
                elf = Dynamic(elf, segment, segments);
        }

        return elf;
    }

    /// <summary>What <see cref="ElfFile.ReadSoname"/> tells.</summary>
    public ElfFile ParseSoname()
    {
        List<ElfSegment> segments = Segments();
        ElfFile elf = Header();
        foreach (ElfSegment segment in segments)
        {
            if (segment.Type != ElfSegmentType.Dynamic)
                continue;
            Dictionary<DynamicTag, ulong> entries = Entries(segment, []);
            elf = elf with { IsDynamic = true, Soname = null };
            if (!entries.TryGetValue(DynamicTag.Soname, out ulong offset))
                continue;
            if (StringPlace(entries, segment, segments) is not (ulong start, ulong size))
                throw NoStrings(segment);
            if (offset >= size)
                throw Outside("the soname", start, offset, size);
            // The longest name of a file has 255 bytes.
            ulong length = Math.Min(size - offset, 256);
            elf = elf with { Soname = Part(start + offset, length).Text(start + offset, start + offset + length, "the soname") };
        }

        return elf;
    }

    ElfFile Header()
    {
        ElfBytes header = Part(0, 20);
        return new ElfFile
        {
            Name = name,
            Class = wide ? ElfClass.Elf64 : ElfClass.Elf32,
            ByteOrder = bigEndian ? ElfByteOrder.BigEndian : ElfByteOrder.LittleEndian,
            Type = (ElfType)header.U16(16),
            Machine = (ElfMachine)header.U16(18),
        };
    }

    List<ElfSegment> Segments()
    {
        ElfBytes header = Part(0, wide ? 64u : 52u);
        ulong at = header.Word(wide ? 32u : 28u);
        ulong entrySize = header.U16(wide ? 54u : 42u);
        ulong count = header.U16(wide ? 56u : 44u);
        // PN_XNUM: the number does not fit and stands in the first section header's sh_info.
        if (count == ManyHeaders)
        {
            ulong place = header.Word(wide ? 40u : 32u) + (wide ? 44u : 28u);
            count = Part(place, 4).U32(place);
        }

        List<ElfSegment> segments = [];
        if (count == 0)
            return segments;
        ulong expected = wide ? 56u : 32u;
        if (entrySize != expected)
            throw new ElfFormatException(name, wide ? 54u : 42u, $"program headers of {entrySize} bytes, where this class has {expected}");
        ElfBytes table = Part(at, count * entrySize);
        for (ulong i = 0; i < count; i++)
            segments.Add(Segment(table, at + (i * entrySize)));
        return segments;
    }

    ElfSegment Segment(ElfBytes table, ulong at) => wide
        ? new ElfSegment((ElfSegmentType)table.U32(at), table.U64(at + 8), table.U64(at + 16), table.U64(at + 32), at)
        : new ElfSegment((ElfSegmentType)table.U32(at), table.U32(at + 4), table.U32(at + 8), table.U32(at + 16), at);

    /// <summary>Each tag's value; what comes more than once goes into <paramref name="named"/>.</summary>
    Dictionary<DynamicTag, ulong> Entries(ElfSegment dynamic, List<(ElfDependencyKind Kind, ulong Name)> named)
    {
        ElfBytes table = Whole(dynamic);
        ulong end = dynamic.Offset + dynamic.FileSize;
        ulong size = wide ? 16u : 8u;
        Dictionary<DynamicTag, ulong> entries = [];
        for (ulong at = dynamic.Offset; at + size <= end; at += size)
        {
            DynamicTag tag = (DynamicTag)table.Word(at);
            ulong value = table.Word(at + (size / 2));
            if (tag == DynamicTag.Null)
                break;
            switch (tag)
            {
                case DynamicTag.Needed: named.Add((ElfDependencyKind.Needed, value)); break;
                case DynamicTag.Filter: named.Add((ElfDependencyKind.Filter, value)); break;
                case DynamicTag.Auxiliary: named.Add((ElfDependencyKind.Auxiliary, value)); break;
                default: entries[tag] = value; break;
            }
        }

        return entries;
    }

    ElfFile Dynamic(ElfFile elf, ElfSegment dynamic, List<ElfSegment> segments)
    {
        List<(ElfDependencyKind Kind, ulong Name)> named = [];
        Dictionary<DynamicTag, ulong> entries = Entries(dynamic, named);
        (byte[] strings, ulong stringsAt) = Strings(entries, dynamic, segments, named.Count > 0);
        ElfTables tables = new() { Name = name, Segments = segments, Entries = entries, Strings = strings, At = dynamic.Offset };
        ElfBytes names = new(strings, name, bigEndian, wide, stringsAt);
        ElfDependency[] dependencies = new ElfDependency[named.Count];
        for (int i = 0; i < dependencies.Length; i++)
            dependencies[i] = new ElfDependency(named[i].Kind, Text(names, stringsAt, named[i].Name, "a needed library's name")!);
        ulong flags = tables.Entry(DynamicTag.Flags) ?? 0;
        ElfFlags1 flags1 = (ElfFlags1)(uint)(tables.Entry(DynamicTag.Flags1) ?? 0);
        return elf with
        {
            IsDynamic = true,
            Tables = tables,
            Flags1 = flags1,
            BindsNow = (flags & DynamicFlagBindNow) != 0 || flags1.HasFlag(ElfFlags1.Now) || entries.ContainsKey(DynamicTag.BindNow),
            IsSymbolic = (flags & DynamicFlagSymbolic) != 0 || entries.ContainsKey(DynamicTag.Symbolic),
            Dependencies = dependencies,
            Soname = Text(names, stringsAt, tables.Entry(DynamicTag.Soname), "the soname"),
            Rpath = Text(names, stringsAt, tables.Entry(DynamicTag.Rpath), "the RPATH"),
            Runpath = Text(names, stringsAt, tables.Entry(DynamicTag.Runpath), "the RUNPATH"),
        };
    }

    (byte[] Bytes, ulong At) Strings(Dictionary<DynamicTag, ulong> entries, ElfSegment dynamic, List<ElfSegment> segments, bool names)
    {
        if (StringPlace(entries, dynamic, segments) is (ulong start, ulong size))
            return (file.Read(start, size).ToArray(), start);
        return names || entries.ContainsKey(DynamicTag.Soname) || entries.ContainsKey(DynamicTag.Rpath) || entries.ContainsKey(DynamicTag.Runpath) ? throw NoStrings(dynamic) : ([], 0);
    }

    ElfFormatException NoStrings(ElfSegment dynamic) => new(name, dynamic.Offset, "the dynamic segment names strings but has no string table");

    /// <summary>Null where there is no string table.</summary>
    (ulong Start, ulong Size)? StringPlace(Dictionary<DynamicTag, ulong> entries, ElfSegment dynamic, List<ElfSegment> segments)
    {
        if (!entries.TryGetValue(DynamicTag.StringTable, out ulong address))
            return null;
        ElfTables place = new() { Name = name, Segments = segments, Entries = entries, Strings = [], At = dynamic.Offset };
        ulong start = place.FileOffset(address, "the string table");
        ulong size = entries.GetValueOrDefault(DynamicTag.StringSize);
        if (start > file.Length || size > file.Length - start)
            throw new ElfFormatException(name, dynamic.Offset, $"a string table of {size} bytes at byte {start} does not fit into the file");
        return (start, size);
    }

    string? Text(ElfBytes strings, ulong start, ulong? offset, string what)
    {
        if (offset is not ulong value)
            return null;
        if (value >= strings.End - start)
            throw Outside(what, start, value, strings.End - start);
        return strings.Text(start + value, strings.End, what);
    }

    ElfFormatException Outside(string what, ulong start, ulong offset, ulong size) => new(name, start, $"{what} is at offset {offset} of a string table of {size} bytes");

    ElfBytes Whole(ElfSegment segment)
    {
        if (segment.Offset > file.Length || segment.FileSize > file.Length - segment.Offset)
            throw new ElfFormatException(name, segment.At, $"the {segment.Type} segment of {segment.FileSize} bytes at byte {segment.Offset} does not fit into the file of {file.Length} bytes");
        return Part(segment.Offset, segment.FileSize);
    }

    ElfBytes Part(ulong at, ulong length) => new(file.Read(at, length), name, bigEndian, wide, at);
}
