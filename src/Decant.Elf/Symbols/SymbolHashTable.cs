namespace Decant.Elf;

/// <summary>
/// DT_GNU_HASH, or DT_HASH where that is all there is, in this machine's own byte order: which entries of the symbol table may have a name.
/// </summary>
sealed class SymbolHashTable
{
    readonly ulong[]? bloom;
    readonly uint bloomShift;
    readonly int bitsPerWord;
    readonly uint[] buckets;
    readonly uint[] chains;
    readonly uint firstHashed;

    /// <summary>DT_GNU_HASH.</summary>
    /// <param name="bitsPerWord">64, or 32 in ELF32.</param>
    /// <param name="firstHashed">The first symbol that the table has; the chains begin with it.</param>
    public SymbolHashTable(ulong[] bloom, uint bloomShift, int bitsPerWord, uint[] buckets, uint[] chains, uint firstHashed)
    {
        this.bloom = bloom;
        this.bloomShift = bloomShift;
        this.bitsPerWord = bitsPerWord;
        this.buckets = buckets;
        this.chains = chains;
        this.firstHashed = firstHashed;
    }

    /// <summary>DT_HASH.</summary>
    public SymbolHashTable(uint[] buckets, uint[] chains)
    {
        this.buckets = buckets;
        this.chains = chains;
    }

    /// <summary>For an object without symbols.</summary>
    public static SymbolHashTable Empty { get; } = new([], []);

    /// <summary>The first candidate; 0 where there is none.</summary>
    public int First(SymbolName name)
    {
        if (buckets.Length == 0)
            return 0;
        if (bloom is null)
            return Checked(buckets[name.SysV % (uint)buckets.Length]);
        uint hash = name.Gnu;
        ulong word = bloom[hash / (uint)bitsPerWord & (uint)(bloom.Length - 1)];
        if ((word >> (int)(hash % (uint)bitsPerWord) & word >> (int)((hash >> (int)bloomShift) % (uint)bitsPerWord) & 1) == 0)
            return 0;
        uint first = buckets[hash % (uint)buckets.Length];
        return first < firstHashed || first - firstHashed >= chains.Length ? 0 : (int)first;
    }

    /// <summary>The candidate after another; 0 at the end. In a damaged table they may go round in a ring.</summary>
    public int Next(int index)
    {
        if (bloom is null)
            return Checked(chains[index]);
        uint at = (uint)index - firstHashed;
        return (chains[at] & 1) != 0 || at + 1 >= chains.Length ? 0 : index + 1;
    }

    /// <summary>False where the stored hash already tells that it is another name.</summary>
    public bool MayBe(int index, SymbolName name) => bloom is null || (chains[(uint)index - firstHashed] | 1) == (name.Gnu | 1);

    /// <summary>The candidates of a name can be no more than that.</summary>
    public int Longest => chains.Length;

    int Checked(uint index) => index < chains.Length ? (int)index : 0;
}
