namespace Decant.Elf;

/// <summary>An entry of the dynamic symbol table (elf(5), Elf64_Sym).</summary>
/// <param name="Name">Offset in the string table.</param>
/// <param name="Info">Type in the low four bits, binding in the high ones.</param>
/// <param name="Section">st_shndx; 0 for a symbol that some other object is to define.</param>
readonly record struct ElfSymbol(uint Name, byte Info, byte Other, ushort Section, ulong Value)
{
    const ushort Absolute = 0xfff1;

    // STT_NOTYPE, OBJECT, FUNC, COMMON, TLS, GNU_IFUNC: what the loader binds to.
    const uint Bindable = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 5) | (1 << 6) | (1 << 10);
    const int ThreadLocal = 6;
    const int IndirectFunction = 10;

    public int Type => Info & 15;

    public ElfBinding Binding => (ElfBinding)(Info >> 4);

    public bool IsUndefined => Section == 0;

    /// <summary>STV_INTERNAL or STV_HIDDEN: no other object sees it.</summary>
    public bool IsHidden => (Other & 3) is 1 or 2;

    /// <summary>Defined here, and yet another object's of the same name may come first (STV_DEFAULT).</summary>
    public bool IsPreemptible => !IsUndefined && (Other & 3) == 0;

    /// <summary>Something to bind to: it has a value, and a type that the loader takes (check_match of glibc's elf/dl-lookup.c).</summary>
    public bool IsDefinition => (Value != 0 || Section == Absolute || Type == ThreadLocal) && (Bindable >> Type & 1) != 0;

    /// <summary>The same for musl, which knows no functions that choose themselves, and no symbol at 0 (OK_TYPES and find_sym2 of ldso/dynlink.c).</summary>
    public bool IsDefinitionToMusl => IsDefinition && Type != IndirectFunction && (Value != 0 || Type == ThreadLocal);
}
