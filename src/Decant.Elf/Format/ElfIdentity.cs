namespace Decant.Elf;

/// <summary>e_ident[EI_CLASS].</summary>
public enum ElfClass : byte
{
    Elf32 = 1,
    Elf64 = 2,
}

/// <summary>e_ident[EI_DATA].</summary>
public enum ElfByteOrder : byte
{
    LittleEndian = 1,
    BigEndian = 2,
}

/// <summary>e_type.</summary>
public enum ElfType : ushort
{
    None = 0,
    Relocatable = 1,
    Executable = 2,

    /// <summary>A shared object, and also every position-independent executable.</summary>
    SharedObject = 3,
    Core = 4,
}

/// <summary>e_machine, for the machines that Linux distributions are built for; others keep their number.</summary>
public enum ElfMachine : ushort
{
    None = 0,
    Sparc = 2,
    I386 = 3,
    M68K = 4,
    Mips = 8,
    Parisc = 15,
    PowerPC = 20,
    PowerPC64 = 21,
    S390 = 22,
    Arm = 40,
    Alpha = 41,
    SuperH = 42,
    SparcV9 = 43,
    Itanium = 50,
    X86_64 = 62,
    AArch64 = 183,
    RiscV = 243,
    LoongArch = 258,
}

public static class ElfMachineName
{
    /// <summary>The machine's name as people write it; "machine N" for one that is not in the list.</summary>
    public static string Describe(this ElfMachine machine) => machine switch
    {
        ElfMachine.None => "no machine",
        ElfMachine.I386 => "i386",
        ElfMachine.X86_64 => "x86-64",
        ElfMachine.AArch64 => "arm64",
        ElfMachine.Arm => "arm",
        ElfMachine.PowerPC => "ppc",
        ElfMachine.PowerPC64 => "ppc64",
        ElfMachine.S390 => "s390",
        ElfMachine.RiscV => "riscv",
        ElfMachine.LoongArch => "loongarch",
        ElfMachine.Mips => "mips",
        ElfMachine.Sparc or ElfMachine.SparcV9 => "sparc",
        ElfMachine.Alpha => "alpha",
        ElfMachine.Itanium => "ia64",
        ElfMachine.M68K => "m68k",
        ElfMachine.Parisc => "hppa",
        ElfMachine.SuperH => "sh",
        _ => $"machine {(ushort)machine}",
    };
}
