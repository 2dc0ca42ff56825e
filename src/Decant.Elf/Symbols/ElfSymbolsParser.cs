namespace Decant.Elf;

/// <summary>Reads the symbol table, its hash table, the versions and the relocations of one file.</summary>
sealed class ElfSymbolsParser
{
    const ulong RelaTag = (ulong)DynamicTag.Rela;

    /// <summary>A version's number has fifteen bits.</summary>
    const int MostVersions = 1 << 15;

    /// <summary>In bytes; the tables of the largest libraries have a tenth of it.</summary>
    const ulong MostRelocations = 1 << 30;

    readonly ElfFile elf;
    readonly ElfReader file;
    readonly bool wide;
    readonly bool bigEndian;
    ElfVersion?[] versions = new ElfVersion?[16];
    readonly List<ElfVersionNeed> needs = [];
    readonly List<ElfVersion> definitions = [];
    int versionCount;
    uint firstHashed;
    bool isIndirect;

    public ElfSymbolsParser(Stream content, ElfFile elf)
    {
        this.elf = elf;
        file = new ElfReader(content, elf.Name);
        wide = elf.Class == ElfClass.Elf64;
        bigEndian = elf.ByteOrder == ElfByteOrder.BigEndian;
    }

    public ElfSymbols Parse()
    {
        if (elf.Tables is not { } tables || tables.Entry(DynamicTag.SymbolTable) is not ulong address)
            return Empty();
        SymbolHashTable hash = Hash(tables, out uint count);
        Dictionary<int, ElfReferenceKinds> references = [];
        References(tables, references);
        foreach (int symbol in references.Keys)
            count = Math.Max(count, (uint)symbol + 1);

        ulong at = tables.FileOffset(address, "the symbol table");
        uint entry = wide ? 24u : 16u;
        byte[] table = file.Read(at, (ulong)count * entry).ToArray();
        Needs(tables);
        bool defines = Definitions(tables);
        ElfReference[] list = new ElfReference[references.Count];
        int i = 0;
        foreach ((int symbol, ElfReferenceKinds kinds) in references)
            list[i++] = new ElfReference(symbol, kinds);
        return new ElfSymbols(elf, table, hash, VersionIndexes(tables, count), versions[..versionCount], list)
        {
            Needs = needs,
            Definitions = defines ? definitions : null,
            IndirectRelocation = isIndirect ? IndirectRelocation.Of(elf.Machine) : null,
        };
    }

    ElfSymbols Empty() => new(elf, [], SymbolHashTable.Empty, null, [], []) { Needs = [], Definitions = null };

    SymbolHashTable Hash(ElfTables tables, out uint count)
    {
        if (tables.Entry(DynamicTag.GnuHash) is ulong gnu)
            return GnuHash(tables.FileOffset(gnu, "the hash table"), out count);
        if (tables.Entry(DynamicTag.Hash) is ulong sysV)
            return SysVHash(tables.FileOffset(sysV, "the hash table"), out count);
        count = 0;
        return SymbolHashTable.Empty;
    }

    SymbolHashTable GnuHash(ulong at, out uint count)
    {
        ElfBytes header = Part(at, 16);
        uint bucketCount = header.U32(at);
        firstHashed = header.U32(at + 4);
        uint bloomCount = header.U32(at + 8);
        uint shift = header.U32(at + 12);
        uint word = wide ? 8u : 4u;
        if (bloomCount == 0 || (bloomCount & (bloomCount - 1)) != 0)
            throw new ElfFormatException(elf.Name, at + 8, $"a hash table with a filter of {bloomCount} words, where it must be a power of two");
        ulong bucketsAt = at + 16 + ((ulong)bloomCount * word);
        ulong chainsAt = bucketsAt + ((ulong)bucketCount * 4);
        ElfBytes part = Part(at + 16, chainsAt - at - 16);
        ulong[] bloom = new ulong[bloomCount];
        for (uint i = 0; i < bloomCount; i++)
            bloom[i] = part.Word(at + 16 + ((ulong)i * word));
        uint[] buckets = new uint[bucketCount];
        uint last = 0;
        for (uint i = 0; i < bucketCount; i++)
            last = Math.Max(last, buckets[i] = part.U32(bucketsAt + ((ulong)i * 4)));
        count = firstHashed;
        if (last < firstHashed)
            return new SymbolHashTable(bloom, shift, wide ? 64 : 32, buckets, [], firstHashed);

        // Nothing says how many symbols there are: the chain that begins last ends with the last of them.
        ulong end = chainsAt + ((ulong)(last - firstHashed) * 4);
        while ((Part(end, 4).U32(end) & 1) == 0)
            end += 4;
        uint chained = (uint)((end - chainsAt) / 4) + 1;
        count = firstHashed + chained;
        ElfBytes rest = Part(chainsAt, (ulong)chained * 4);
        uint[] chains = new uint[chained];
        for (uint i = 0; i < chained; i++)
            chains[i] = rest.U32(chainsAt + ((ulong)i * 4));
        return new SymbolHashTable(bloom, shift, wide ? 64 : 32, buckets, chains, firstHashed);
    }

    SymbolHashTable SysVHash(ulong at, out uint count)
    {
        // Of 64-bit numbers on two machines (elf_entry of their psABI).
        uint size = wide && elf.Machine is ElfMachine.S390 or ElfMachine.Alpha ? 8u : 4u;
        uint[] numbers = Numbers(at, 2, size);
        count = numbers[1];
        uint[] all = Numbers(at + (2 * size), (ulong)numbers[0] + numbers[1], size);
        return new SymbolHashTable(all[..(int)numbers[0]], all[(int)numbers[0]..]);
    }

    uint[] Numbers(ulong at, ulong count, uint size)
    {
        ElfBytes part = Part(at, count * size);
        uint[] numbers = new uint[count];
        for (ulong i = 0; i < count; i++)
            numbers[i] = size == 8 ? (uint)part.U64(at + (i * 8)) : part.U32(at + (i * 4));
        return numbers;
    }

    void References(ElfTables tables, Dictionary<int, ElfReferenceKinds> references)
    {
        ulong calls = tables.Entry(DynamicTag.JmpRel) ?? 0;
        ulong callsEnd = calls + (tables.Entry(DynamicTag.PltRelSize) ?? 0);
        bool callsHaveAddends = tables.Entry(DynamicTag.PltRel) == RelaTag;
        // The main table may contain that of the calls.
        Relocations(tables, DynamicTag.Rela, DynamicTag.RelaSize, addends: true, (calls, callsEnd), references);
        Relocations(tables, DynamicTag.Rel, DynamicTag.RelSize, addends: false, (calls, callsEnd), references);
        if (callsEnd > calls)
            Relocations(tables, calls, callsEnd - calls, callsHaveAddends, default, ElfReferenceKinds.Call, references);
    }

    void Relocations(ElfTables tables, DynamicTag where, DynamicTag size, bool addends, (ulong From, ulong To) except, Dictionary<int, ElfReferenceKinds> references)
    {
        if (tables.Entry(where) is ulong address && tables.Entry(size) is ulong bytes and > 0)
            Relocations(tables, address, bytes, addends, except, ElfReferenceKinds.Data, references);
    }

    void Relocations(
        ElfTables tables, ulong address, ulong bytes, bool addends, (ulong From, ulong To) except, ElfReferenceKinds kind, Dictionary<int, ElfReferenceKinds> references)
    {
        const ulong portion = 48 * 1024;
        if (bytes > MostRelocations)
            throw new ElfFormatException(elf.Name, tables.At, $"a relocation table of {bytes} bytes, where at most {MostRelocations} are read");
        uint copy = CopyRelocation.Of(elf.Machine);
        uint indirect = IndirectRelocation.Of(elf.Machine);
        ulong entry = (wide ? 16u : 8u) + (addends ? wide ? 8u : 4u : 0u);
        ulong at = tables.FileOffset(address, "the relocation table");
        ulong end = at + (bytes / entry * entry);
        int last = 0;
        ElfReferenceKinds lastKinds = ElfReferenceKinds.None;
        for (ulong from = at; from < end; from += portion)
        {
            ulong length = Math.Min(portion, end - from);
            ElfBytes part = Part(from, length);
            for (ulong i = from; i + entry <= from + length; i += entry)
            {
                ulong place = address + (i - at);
                ulong info = part.Word(i + (wide ? 8u : 4u));
                int symbol = (int)(wide ? info >> 32 : info >> 8);
                uint type = wide ? (uint)info : (byte)info;
                isIndirect |= type == indirect && indirect != 0;
                if (symbol <= 0 || type == 0 || (place >= except.From && place < except.To))
                    continue;
                ElfReferenceKinds kinds = type == copy && copy != 0 ? ElfReferenceKinds.Copy : kind;
                // Tables of pointers name one symbol many times in a row.
                if (symbol == last && kinds == lastKinds)
                    continue;
                references[symbol] = references.GetValueOrDefault(symbol) | kinds;
                (last, lastKinds) = (symbol, kinds);
            }
        }
    }

    ushort[]? VersionIndexes(ElfTables tables, uint count)
    {
        if (tables.Entry(DynamicTag.VersionSymbols) is not ulong address)
            return null;
        ulong at = tables.FileOffset(address, "the table of symbol versions");
        ElfBytes part = Part(at, (ulong)count * 2);
        ushort[] indexes = new ushort[count];
        for (uint i = 0; i < count; i++)
            indexes[i] = part.U16(at + ((ulong)i * 2));
        return indexes;
    }

    /// <summary>Elf64_Verneed and Elf64_Vernaux, the same in both classes.</summary>
    void Needs(ElfTables tables)
    {
        if (tables.Entry(DynamicTag.VersionNeeds) is not ulong address)
            return;
        ulong at = tables.FileOffset(address, "the table of needed versions");
        for (int libraries = 0; ; libraries++)
        {
            if (libraries > MostVersions)
                throw TooMany(at);
            ElfBytes need = Part(at, 16);
            uint next = need.U32(at + 12);
            ushort count = need.U16(at + 2);
            string library = String(need.U32(at + 4), at);
            ulong auxiliary = at + need.U32(at + 8);
            for (int i = 0; i < count; i++)
            {
                ElfBytes version = Part(auxiliary, 16);
                ushort other = version.U16(auxiliary + 6);
                uint hash = version.U32(auxiliary);
                bool weak = (version.U16(auxiliary + 4) & 2) != 0;
                uint nextVersion = version.U32(auxiliary + 12);
                string name = String(version.U32(auxiliary + 8), auxiliary);
                needs.Add(new ElfVersionNeed(library, name, hash, weak));
                Add(other & 0x7fff, new ElfVersion(name, hash, (other & 0x8000) != 0, library), auxiliary);
                if (nextVersion == 0)
                    break;
                auxiliary += nextVersion;
            }

            if (next == 0)
                return;
            at += next;
        }
    }

    /// <summary>Elf64_Verdef and the first of its Elf64_Verdaux. False where there is no table.</summary>
    bool Definitions(ElfTables tables)
    {
        if (tables.Entry(DynamicTag.VersionDefinitions) is not ulong address)
            return false;
        ulong at = tables.FileOffset(address, "the table of defined versions");
        while (true)
        {
            const ushort baseVersion = 1;
            ElfBytes definition = Part(at, 20);
            ushort flags = definition.U16(at + 2);
            int index = definition.U16(at + 4) & 0x7fff;
            uint hash = definition.U32(at + 8);
            uint next = definition.U32(at + 16);
            ulong auxiliary = at + definition.U32(at + 12);
            string name = String(Part(auxiliary, 8).U32(auxiliary), auxiliary);
            ElfVersion version = new(name, hash, Hidden: false, File: null);
            if (definitions.Count == MostVersions)
                throw TooMany(at);
            definitions.Add(version);
            if ((flags & baseVersion) == 0)
                Add(index, version, at);
            if (next == 0)
                return true;
            at += next;
        }
    }

    void Add(int index, ElfVersion version, ulong at)
    {
        if (needs.Count > MostVersions)
            throw TooMany(at);
        if (index >= versions.Length)
            Array.Resize(ref versions, Math.Max(index + 1, versions.Length * 2));
        versions[index] = version;
        versionCount = Math.Max(versionCount, index + 1);
    }

    ElfFormatException TooMany(ulong at) => new(elf.Name, at, $"more than {MostVersions} versions");

    string String(uint offset, ulong at)
    {
        byte[] strings = elf.Tables!.Strings;
        if (offset >= strings.Length)
            throw new ElfFormatException(elf.Name, at, $"a version's name is at offset {offset} of a string table of {strings.Length} bytes");
        ReadOnlySpan<byte> rest = strings.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return ElfBytes.Decode(end < 0 ? rest : rest[..end]);
    }

    ElfBytes Part(ulong at, ulong length) => new(file.Read(at, length), elf.Name, bigEndian, wide, at);
}
