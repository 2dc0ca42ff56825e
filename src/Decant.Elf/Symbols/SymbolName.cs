namespace Decant.Elf;

/// <summary>A symbol's name with the hashes of both kinds of hash table.</summary>
readonly ref struct SymbolName
{
    public SymbolName(ReadOnlySpan<byte> name)
    {
        Bytes = name;
        uint gnu = 5381;
        foreach (byte b in name)
            gnu = (gnu * 33) + b;
        Gnu = gnu;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>DT_GNU_HASH's, Bernstein's function.</summary>
    public uint Gnu { get; }

    /// <summary>DT_HASH's (System V ABI, "Hash table").</summary>
    public uint SysV
    {
        get
        {
            uint hash = 0;
            foreach (byte b in Bytes)
            {
                hash = (hash << 4) + b;
                hash ^= (hash & 0xf0000000) >> 24;
                hash &= 0x0fffffff;
            }

            return hash;
        }
    }
}
