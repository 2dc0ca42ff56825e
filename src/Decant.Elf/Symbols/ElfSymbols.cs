using System.Buffers.Binary;

namespace Decant.Elf;

/// <summary>
/// An object's dynamic symbols: what it defines, what it refers to, and under which versions, found through its hash table as the
/// loader does (System V ABI, "Dynamic linking"; LSB core, "Symbol versioning"; elf/dl-lookup.c of glibc).
/// </summary>
public sealed class ElfSymbols
{
    readonly byte[] table;
    readonly byte[] strings;
    readonly SymbolHashTable hash;
    readonly ushort[]? versionIndexes;
    readonly ElfVersion?[] versions;
    readonly bool wide;
    readonly bool bigEndian;

    internal ElfSymbols(ElfFile file, byte[] table, SymbolHashTable hash, ushort[]? versionIndexes, ElfVersion?[] versions, ElfReference[] references)
    {
        References = references;
        this.table = table;
        this.hash = hash;
        this.versionIndexes = versionIndexes;
        this.versions = versions;
        strings = file.Tables?.Strings ?? [];
        wide = file.Class == ElfClass.Elf64;
        bigEndian = file.ByteOrder == ElfByteOrder.BigEndian;
        Count = table.Length / (wide ? 24 : 16);
    }

    /// <summary>Of the table's entries; the first is always empty.</summary>
    public int Count { get; }

    /// <summary>The versions that the object wants of others.</summary>
    public required IReadOnlyList<ElfVersionNeed> Needs { get; init; }

    /// <summary>The versions that the object defines, its base version included; null where it has no table of them.</summary>
    public required IReadOnlyList<ElfVersion>? Definitions { get; init; }

    /// <summary>The number of the relocation by which its functions choose themselves at load (R_*_IRELATIVE); null where it has none.</summary>
    public uint? IndirectRelocation { get; init; }

    /// <summary>What its relocations bind, each symbol once.</summary>
    internal ElfReference[] References { get; }

    /// <summary>Empty for a file without a symbol table.</summary>
    /// <param name="content">The file's; can seek.</param>
    /// <exception cref="ElfFormatException">The tables contradict themselves or the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ElfSymbols Read(Stream content, ElfFile file) => new ElfSymbolsParser(content, file).Parse();

    /// <summary>Whether the object defines any of its symbols under this version, as verdef says.</summary>
    public bool Defines(string version, uint versionHash)
    {
        foreach (ElfVersion definition in Definitions ?? [])
        {
            if (definition.Hash == versionHash && definition.Name == version)
                return true;
        }

        return false;
    }

    /// <summary>Whether it exports a symbol of that name, under whatever version.</summary>
    public bool Exports(string name) => FindUnversioned(new SymbolName(System.Text.Encoding.UTF8.GetBytes(name)), definitionsOnly: false) >= 0;

    /// <summary>Whether its relocations bind a symbol of that name that it does not define.</summary>
    public bool Imports(string name) => Array.Exists(References, reference => Symbol(reference.Symbol).IsUndefined && NameText(reference.Symbol) == name);

    /// <summary>The names that other objects can bind to, each with its version or null.</summary>
    public IEnumerable<(string Name, ElfVersion? Version)> Exports()
    {
        for (int i = 1; i < Count; i++)
        {
            ElfSymbol symbol = Symbol(i);
            if (!symbol.IsUndefined && symbol.IsDefinition && !symbol.IsHidden && symbol.Binding != ElfBinding.Local)
                yield return (NameText(i), Version(i));
        }
    }

    internal ElfSymbol Symbol(int index)
    {
        if (wide)
        {
            ReadOnlySpan<byte> entry = table.AsSpan(index * 24, 24);
            return new ElfSymbol(U32(entry), entry[4], entry[5], U16(entry[6..]), U64(entry[8..]));
        }

        ReadOnlySpan<byte> narrow = table.AsSpan(index * 16, 16);
        return new ElfSymbol(U32(narrow), narrow[12], narrow[13], U16(narrow[14..]), U32(narrow[4..]));
    }

    /// <summary>Empty where the symbol's name lies outside of the string table.</summary>
    internal ReadOnlySpan<byte> Name(int index)
    {
        uint offset = Symbol(index).Name;
        if (offset >= strings.Length)
            return default;
        ReadOnlySpan<byte> rest = strings.AsSpan((int)offset);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    internal string NameText(int index) => ElfBytes.Decode(Name(index));

    /// <summary>The version that a symbol has or wants; null for one without.</summary>
    internal ElfVersion? Version(int index)
    {
        if (versionIndexes is null || index >= versionIndexes.Length)
            return null;
        int version = versionIndexes[index] & 0x7fff;
        return version < versions.Length ? versions[version] : null;
    }

    /// <summary>The definition that glibc binds a reference to in this object; -1 where it has none.</summary>
    /// <param name="version">That the reference wants; null for one without.</param>
    /// <param name="definitionsOnly">A symbol that the object itself lacks, but whose address it gives to others, does not count.</param>
    internal int Find(SymbolName name, ElfVersion? version, bool definitionsOnly)
    {
        int only = -1;
        int defaults = 0;
        for (int i = hash.First(name), steps = 0; i > 0 && steps < hash.Longest; i = hash.Next(i), steps++)
        {
            if (i >= Count || !hash.MayBe(i, name))
                continue;
            ElfSymbol symbol = Symbol(i);
            if (!symbol.IsDefinition || (definitionsOnly && symbol.IsUndefined) || !Name(i).SequenceEqual(name.Bytes))
                continue;
            if (!Accepts(i, version, out bool isDefault))
            {
                if (isDefault && defaults++ == 0)
                    only = i;
                continue;
            }

            if (Binds(symbol))
                return i;
        }

        return defaults == 1 && Binds(Symbol(only)) ? only : -1;
    }

    /// <summary>The definition that musl binds a reference to, by name alone (ldso/dynlink.c, find_sym2).</summary>
    internal int FindUnversioned(SymbolName name, bool definitionsOnly)
    {
        for (int i = hash.First(name), steps = 0; i > 0 && steps < hash.Longest; i = hash.Next(i), steps++)
        {
            if (i >= Count || !hash.MayBe(i, name) || (versionIndexes is not null && i < versionIndexes.Length && (versionIndexes[i] & 0x8000) != 0))
                continue;
            ElfSymbol symbol = Symbol(i);
            if (symbol.IsDefinitionToMusl && !(definitionsOnly && symbol.IsUndefined) && symbol.Binding is ElfBinding.Global or ElfBinding.Weak or ElfBinding.Unique
                && Name(i).SequenceEqual(name.Bytes))
                return i;
        }

        return -1;
    }

    static bool Binds(ElfSymbol symbol) => !symbol.IsHidden && symbol.Binding is ElfBinding.Global or ElfBinding.Weak or ElfBinding.Unique;

    /// <summary>The version rules of check_match in elf/dl-lookup.c; a default version may still do for a reference without one.</summary>
    bool Accepts(int index, ElfVersion? version, out bool isDefault)
    {
        isDefault = false;
        if (versionIndexes is null || index >= versionIndexes.Length)
            return true;
        ushort raw = versionIndexes[index];
        int own = raw & 0x7fff;
        bool hidden = (raw & 0x8000) != 0;
        if (version is not null)
        {
            ElfVersion? defined = own < versions.Length ? versions[own] : null;
            bool same = defined is not null && defined.Hash == version.Hash && defined.Name == version.Name;
            return same || !(version.Hidden || (defined?.Hash ?? 0) != 0 || hidden);
        }

        // The base version or the first: what was there before versions were. Else the one default, if there is just one.
        const int firstLater = 3;
        if (own < firstLater)
            return true;
        isDefault = !hidden;
        return false;
    }

    ushort U16(ReadOnlySpan<byte> s) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(s) : BinaryPrimitives.ReadUInt16LittleEndian(s);

    uint U32(ReadOnlySpan<byte> s) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(s) : BinaryPrimitives.ReadUInt32LittleEndian(s);

    ulong U64(ReadOnlySpan<byte> s) => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(s) : BinaryPrimitives.ReadUInt64LittleEndian(s);
}
