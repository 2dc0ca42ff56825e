namespace Decant.Elf;

/// <summary>
/// ld.so.cache, the table in which glibc's loader looks up sonames (sysdeps/generic/dl-cache.h). ldconfig writes the format
/// "glibc-ld.so.cache1.1"; older ones write it behind a table of the format "ld.so-1.7.0", which no loader still reads.
/// </summary>
public sealed class LdSoCache
{
    const int HeaderSize = 48;
    const int EntrySize = 24;
    const uint ExtensionMagic = 0xeaa42174;
    const uint HwcapsTag = 1;

    /// <summary>FLAG_ELF_LIBC6 of an architecture without a flag of its own, whose loader also takes FLAG_ELF, for a library that needs no libc (_dl_cache_check_flags).</summary>
    const uint AnyLibc6 = 3;
    const uint OfNoLibc = 1;

    readonly Dictionary<string, List<LdSoCacheEntry>> bySoname = new(StringComparer.Ordinal);

    LdSoCache(IReadOnlyList<LdSoCacheEntry> entries)
    {
        Entries = entries;
        foreach (LdSoCacheEntry entry in entries)
        {
            if (!bySoname.TryGetValue(entry.Soname, out List<LdSoCacheEntry>? same))
                bySoname.Add(entry.Soname, same = []);
            same.Add(entry);
        }
    }

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<LdSoCacheEntry> Entries { get; }

    /// <summary>
    /// The path that the loader takes for a soname: of the entries for its machine the one for the best of the CPU's levels, else the
    /// first whose bits are the CPU's (search_cache of elf/dl-cache.c); null where there is none.
    /// </summary>
    /// <param name="flags">As <see cref="FlagsFor"/> tells.</param>
    /// <param name="hwcaps">The glibc-hwcaps directories that the CPU can use, the best first.</param>
    /// <param name="legacyBits">What an entry may want by its bits; none from glibc 2.37 on.</param>
    public string? Find(string soname, uint flags, IReadOnlyList<string> hwcaps, ulong legacyBits)
    {
        if (!bySoname.TryGetValue(soname, out List<LdSoCacheEntry>? entries))
            return null;
        LdSoCacheEntry? best = null;
        int bestRank = int.MaxValue;
        foreach (LdSoCacheEntry entry in entries)
        {
            if (entry.Flags != flags && !(flags == AnyLibc6 && entry.Flags == OfNoLibc))
                continue;
            if (entry.Hwcaps is null)
            {
                // Those for a level all stand before these.
                if (best is not null)
                    break;
                if ((entry.Hwcap & ~legacyBits) == 0)
                    return entry.Path;
                continue;
            }

            int rank = IndexOf(hwcaps, entry.Hwcaps);
            if (rank >= 0 && rank < bestRank)
            {
                best = entry;
                bestRank = rank;
            }
        }

        return best?.Path;
    }

    /// <summary>The flags that glibc's loader asks for: FLAG_ELF_LIBC6 (3) and the machine's ABI; null for machines not known here.</summary>
    public static uint? FlagsFor(ElfFile program) => (program.Machine, program.Class) switch
    {
        (ElfMachine.X86_64, ElfClass.Elf64) => 0x0303,
        (ElfMachine.X86_64, ElfClass.Elf32) => 0x0803,
        (ElfMachine.I386, ElfClass.Elf32) => AnyLibc6,
        (ElfMachine.AArch64, ElfClass.Elf64) => 0x0a03,
        (ElfMachine.S390, ElfClass.Elf64) => 0x0403,
        (ElfMachine.PowerPC64, ElfClass.Elf64) => 0x0503,
        (ElfMachine.RiscV, ElfClass.Elf64) => 0x1003,
        (ElfMachine.LoongArch, ElfClass.Elf64) => 0x1203,
        _ => null,
    };

    /// <exception cref="ElfFormatException">Neither format, or a table that points outside of the file.</exception>
    public static LdSoCache Parse(ReadOnlySpan<byte> bytes, string name)
    {
        ulong start = 0;
        if (bytes.StartsWith("ld.so-1.7.0"u8))
        {
            ulong old = new ElfBytes(bytes, name, bigEndian: false, wide: false).U32(12);
            // The new header follows at its own alignment, that of a 64-bit number.
            start = (16 + (old * 12) + 7) & ~7ul;
        }

        if (start > (ulong)bytes.Length || !bytes[(int)start..].StartsWith("glibc-ld.so.cache1.1"u8))
            throw new ElfFormatException(name, start, "no header of the format glibc-ld.so.cache1.1");
        // Strings are placed from the new header on, also where an old table stands in front.
        ReadOnlySpan<byte> cache = bytes[(int)start..];
        bool bigEndian = cache.Length > 28 && (cache[28] & 3) == 3;
        ElfBytes file = new(cache, name, bigEndian, wide: false);
        uint count = file.U32(20);
        file.Slice(HeaderSize, (ulong)count * EntrySize);
        // The extensions' offsets count from the start of the whole file, unlike all others. (In a file with both tables
        // ldconfig 2.36 writes the capabilities' names as if they did not, and it and the loader then read other text.)
        string[] hwcaps = Hwcaps(new ElfBytes(bytes, name, bigEndian, wide: false), file.U32(32));
        LdSoCacheEntry[] entries = new LdSoCacheEntry[count];
        for (uint i = 0; i < count; i++)
        {
            ulong at = HeaderSize + ((ulong)i * EntrySize);
            ulong hwcap = file.U64(at + 16);
            // Bit 62 marks an entry of a glibc-hwcaps directory, whose number is in the low half.
            bool named = (hwcap >> 32 & 0xc0000000) == 0x40000000;
            if (named && (uint)hwcap >= hwcaps.Length)
                throw new ElfFormatException(name, start + at + 16, $"entry {i} is for hardware capability {(uint)hwcap} of {hwcaps.Length}");
            entries[i] = new LdSoCacheEntry(
                file.Text(file.U32(at + 4), file.End, $"the soname of entry {i}"),
                file.Text(file.U32(at + 8), file.End, $"the path of entry {i}"),
                file.U32(at),
                hwcap,
                named ? hwcaps[(uint)hwcap] : null);
        }

        return new LdSoCache(entries);
    }

    static string[] Hwcaps(ElfBytes file, ulong extensions)
    {
        if (extensions == 0 || file.U32(extensions) != ExtensionMagic)
            return [];
        uint sections = file.U32(extensions + 4);
        file.Slice(extensions + 8, (ulong)sections * 16);
        for (uint i = 0; i < sections; i++)
        {
            ulong section = extensions + 8 + ((ulong)i * 16);
            if (file.U32(section) != HwcapsTag)
                continue;
            ulong offset = file.U32(section + 8);
            uint size = file.U32(section + 12);
            file.Slice(offset, size);
            string[] names = new string[size / 4];
            for (int n = 0; n < names.Length; n++)
                names[n] = file.Text(file.U32(offset + ((ulong)n * 4)), file.End, $"the name of hardware capability {n}");
            return names;
        }

        return [];
    }

    static int IndexOf(IReadOnlyList<string> list, string value)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] == value)
                return i;
        }

        return -1;
    }
}
