namespace Decant.Elf;

/// <summary>R_*_IRELATIVE, by machine (the psABI supplements): a function of the object is asked which of its like is best for the CPU.</summary>
static class IndirectRelocation
{
    /// <summary>0, which is no relocation, where the machine's is not known here.</summary>
    public static uint Of(ElfMachine machine) => machine switch
    {
        ElfMachine.X86_64 => 37,
        ElfMachine.I386 => 42,
        ElfMachine.AArch64 => 1032,
        ElfMachine.RiscV => 58,
        ElfMachine.PowerPC64 => 248,
        ElfMachine.S390 => 61,
        _ => 0,
    };
}
