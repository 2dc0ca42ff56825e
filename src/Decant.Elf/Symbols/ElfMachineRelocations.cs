namespace Decant.Elf;

/// <summary>The few relocation types whose meaning matters to symbol lookup, by machine (the psABI supplements).</summary>
/// <param name="Copy">R_*_COPY.</param>
/// <param name="IsPlt">Whether a type takes no undefined symbol's address: calls and thread-local storage (elf_machine_type_class of glibc).</param>
readonly record struct ElfMachineRelocations(uint Copy, Func<uint, bool> IsPlt)
{
    /// <summary>Null where this library reads files but does not model the binding.</summary>
    public static ElfMachineRelocations? Of(ElfMachine machine) => machine switch
    {
        ElfMachine.X86_64 => new(5, type => type is 7 or 16 or 17 or 18 or 36),
        ElfMachine.I386 => new(5, type => type is 7 or 14 or 35 or 36 or 37 or 41),
        ElfMachine.AArch64 => new(1024, type => type is 1026 or 1028 or 1029 or 1030 or 1031),
        ElfMachine.RiscV => new(4, type => type is 5 or 6 or 7 or 8 or 9 or 10 or 11 or 12),
        ElfMachine.PowerPC64 => new(19, type => type is 21 or 68 or 73 or 78),
        ElfMachine.S390 => new(9, type => type is 11 or 54 or 55 or 56),
        _ => null,
    };
}
