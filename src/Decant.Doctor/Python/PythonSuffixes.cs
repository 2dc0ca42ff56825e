using Decant.Elf;

namespace Decant.Doctor;

/// <summary>The endings of extension modules (importlib.machinery.EXTENSION_SUFFIXES; PEP 3149).</summary>
static class PythonSuffixes
{
    const string Tagged = ".cpython-";

    /// <summary>Those that an interpreter takes; which libc and machine it was built for, its own modules tell.</summary>
    public static IReadOnlyList<string> Of(PythonInterpreter interpreter, ElfFile program, PythonFiles files)
    {
        string tag = $"{Tagged}3{interpreter.Minor}{interpreter.Abi}-";
        List<string> suffixes = [];
        foreach (string name in files.Names(interpreter.DynamicLibrary) ?? [])
        {
            int at = name.IndexOf(tag, StringComparison.Ordinal);
            if (at > 0 && name.EndsWith(".so", StringComparison.Ordinal) && !suffixes.Contains(name[at..]))
                suffixes.Add(name[at..]);
        }

        if (suffixes.Count == 0)
        {
            string machine = Machine(program.Machine);
            suffixes.AddRange([$"{tag}{machine}-linux-gnu.so", $"{tag}{machine}-linux-musl.so"]);
        }

        return [.. suffixes, ".abi3.so", ".so"];
    }

    /// <summary>The name is that of an extension module for some particular interpreter.</summary>
    /// <param name="module">Its last part, without dots.</param>
    public static bool IsTagged(string name, string module) =>
        name.Length > module.Length && name.StartsWith(module, StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal)
        && (name.AsSpan(module.Length).StartsWith(Tagged) || name.AsSpan(module.Length).StartsWith(".pypy3"));

    static string Machine(ElfMachine machine) => machine switch
    {
        ElfMachine.AArch64 => "aarch64",
        ElfMachine.I386 => "i386",
        ElfMachine.RiscV => "riscv64",
        ElfMachine.PowerPC64 => "powerpc64le",
        ElfMachine.S390 => "s390x",
        ElfMachine.LoongArch => "loongarch64",
        _ => "x86_64",
    };
}
