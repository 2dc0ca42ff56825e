using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Decant.Elf;

/// <summary>What a loader goes by that the CPU decides (cpu_features.c and dl-hwcaps_subdirs.c of glibc's sysdeps/x86; x86-64 psABI, "micro-architecture levels").</summary>
public sealed record LoaderCpu
{
    const int Genu = 0x756e6547;

    /// <summary>The glibc-hwcaps directories that it can use, the best first; empty where the architecture has none, as arm64.</summary>
    public IReadOnlyList<string> Hwcaps { get; init; } = [];

    /// <summary>What $PLATFORM stands for; null where it has no value, which makes the loader drop the element.</summary>
    public string? Platform { get; init; }

    /// <summary>The parts of the subdirectories that glibc searched until 2.36, the first the most important: "tls", the platform, capabilities.</summary>
    public IReadOnlyList<string> LegacyParts { get; init; } = [];

    /// <summary>A machine of which nothing is known but its architecture.</summary>
    public static LoaderCpu Of(ElfMachine machine) => machine switch
    {
        ElfMachine.X86_64 => new() { Platform = "x86_64", LegacyParts = ["tls", "x86_64", "x86_64"] },
        ElfMachine.AArch64 => new() { Platform = "aarch64", LegacyParts = ["tls", "aarch64"] },
        _ => new(),
    };

    /// <summary>This machine's own where it runs such programs itself, else as good as one knows.</summary>
    public static LoaderCpu OfThisMachine(ElfMachine machine) =>
        machine == ElfMachine.X86_64 && RuntimeInformation.ProcessArchitecture == Architecture.X64 ? OfThisX64() : Of(machine);

    static LoaderCpu OfThisX64()
    {
        (int maxLeaf, int vendor, _, _) = X86Base.CpuId(0, 0);
        (_, _, int ecx1, _) = X86Base.CpuId(1, 0);
        (_, int ebx7, _, _) = maxLeaf >= 7 ? X86Base.CpuId(7, 0) : default;
        (_, _, int ecxExtended, _) = X86Base.CpuId(unchecked((int)0x80000001), 0);
        List<string> levels = [];
        // CMPXCHG16B, SSE3, SSSE3, SSE4.1, SSE4.2, POPCNT; LAHF.
        if (Has(ecx1, 13, 0, 9, 19, 20, 23) && Has(ecxExtended, 0))
        {
            levels.Add("x86-64-v2");
            // AVX, F16C, FMA, MOVBE, OSXSAVE; AVX2, BMI1, BMI2; LZCNT.
            if (Has(ecx1, 28, 29, 12, 22, 27) && Has(ebx7, 5, 3, 8) && Has(ecxExtended, 5))
            {
                levels.Insert(0, "x86-64-v3");
                // AVX512 F, BW, CD, DQ, VL.
                if (Has(ebx7, 16, 30, 28, 17, 31))
                    levels.Insert(0, "x86-64-v4");
            }
        }

        // Intel's have a name of their own: AVX512 CD and ER and PF; or AVX2, BMI1, BMI2, LZCNT, MOVBE, POPCNT.
        string platform = "x86_64";
        List<string> capabilities = ["x86_64"];
        if (vendor == Genu && Has(ecx1, 27))
        {
            bool phi = Has(ebx7, 28, 27, 26);
            if (phi)
                platform = "xeon_phi";
            else if (Has(ebx7, 5, 3, 8) && Has(ecxExtended, 5) && Has(ecx1, 22, 23))
                platform = "haswell";
            if (!Has(ebx7, 27) && Has(ebx7, 28, 30, 17, 31))
                capabilities.Insert(0, "avx512_1");
        }

        return new LoaderCpu { Hwcaps = levels, Platform = platform, LegacyParts = ["tls", platform, .. capabilities] };
    }

    static bool Has(int register, params ReadOnlySpan<int> bits)
    {
        foreach (int bit in bits)
        {
            if ((register >> bit & 1) == 0)
                return false;
        }

        return true;
    }
}
