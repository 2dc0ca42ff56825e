namespace Decant.Elf;

/// <summary>R_*_COPY, by machine (the psABI supplements): the one type of relocation whose meaning matters to symbol lookup.</summary>
static class CopyRelocation
{
    /// <summary>0, which is no relocation, where the machine's is not known here.</summary>
    public static uint Of(ElfMachine machine) => machine switch
    {
        ElfMachine.X86_64 or ElfMachine.I386 => 5,
        ElfMachine.AArch64 => 1024,
        ElfMachine.RiscV => 4,
        ElfMachine.PowerPC64 => 19,
        ElfMachine.S390 => 9,
        _ => 0,
    };
}
