namespace Decant.Elf;

/// <summary>Where a file's dynamic tables are: by their addresses, as the loader finds them.</summary>
sealed class ElfTables
{
    public required string Name { get; init; }
    public required IReadOnlyList<ElfSegment> Segments { get; init; }

    /// <summary>The single entries of the dynamic segment; of one that is there twice, the last, as for the loader.</summary>
    public required IReadOnlyDictionary<DynamicTag, ulong> Entries { get; init; }

    /// <summary>The dynamic string table.</summary>
    public required byte[] Strings { get; init; }

    /// <summary>Where in the file the dynamic segment is, for messages.</summary>
    public required ulong At { get; init; }

    public ulong? Entry(DynamicTag tag) => Entries.TryGetValue(tag, out ulong value) ? value : null;

    /// <summary>The loadable segment around an address says where it is in the file.</summary>
    public ulong FileOffset(ulong address, string what)
    {
        foreach (ElfSegment segment in Segments)
        {
            if (segment.Type == ElfSegmentType.Load && address >= segment.Address && address - segment.Address < segment.FileSize)
                return segment.Offset + (address - segment.Address);
        }

        throw new ElfFormatException(Name, At, $"{what} at address 0x{address:x} is in no loaded segment");
    }
}
