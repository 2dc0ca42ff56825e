using Decant.Elf;

namespace Decant.Doctor;

/// <summary>The loader that programs of a root name, for a library that names none (ABI documents of the C libraries).</summary>
static class DefaultInterpreter
{
    /// <summary>
    /// musl's where the library needs musl's libc, or the root has no other loader; else glibc's. Null for a machine whose loader is not known here.
    /// </summary>
    public static string? Of(ElfFile library, LoaderFiles files)
    {
        string? glibc = Glibc(library);
        return Musl(library) is string musl && (IsForMusl(library) || (IsIn(files, musl) && !(glibc is not null && IsIn(files, glibc)))) ? musl : glibc;
    }

    static string? Glibc(ElfFile library) => (library.Machine, library.Class) switch
    {
        (ElfMachine.X86_64, ElfClass.Elf64) => "/lib64/ld-linux-x86-64.so.2",
        (ElfMachine.X86_64, ElfClass.Elf32) => "/libx32/ld-linux-x32.so.2",
        (ElfMachine.I386, _) => "/lib/ld-linux.so.2",
        (ElfMachine.AArch64, _) => "/lib/ld-linux-aarch64.so.1",
        (ElfMachine.Arm, _) => "/lib/ld-linux-armhf.so.3",
        (ElfMachine.RiscV, _) => "/lib/ld-linux-riscv64-lp64d.so.1",
        (ElfMachine.PowerPC64, _) => "/lib64/ld64.so.2",
        (ElfMachine.S390, _) => "/lib/ld64.so.1",
        (ElfMachine.LoongArch, _) => "/lib64/ld-linux-loongarch-lp64d.so.1",
        _ => null,
    };

    static bool IsIn(LoaderFiles files, string path)
    {
        try
        {
            return files.Find(path) is not null;
        }
        catch (ElfFormatException)
        {
            // A directory, say.
            return false;
        }
    }

    static bool IsForMusl(ElfFile library)
    {
        foreach (string name in library.Needed)
        {
            if (name == "libc.so" || name.StartsWith("libc.musl-", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    static string? Musl(ElfFile library) => library.Machine switch
    {
        ElfMachine.X86_64 => "/lib/ld-musl-x86_64.so.1",
        ElfMachine.I386 => "/lib/ld-musl-i386.so.1",
        ElfMachine.AArch64 => "/lib/ld-musl-aarch64.so.1",
        ElfMachine.Arm => "/lib/ld-musl-armhf.so.1",
        ElfMachine.RiscV => "/lib/ld-musl-riscv64.so.1",
        _ => null,
    };
}
