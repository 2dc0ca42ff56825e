using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Decant.Elf;

/// <summary>What a loader goes by that the CPU decides (cpu_features.c and dl-hwcaps_subdirs.c of glibc's sysdeps/x86; x86-64 psABI, "micro-architecture levels").</summary>
public sealed record LoaderCpu
{
    const int Genu = 0x756e6547;

    /// <summary>Bits of ld.so.cache's entries (dl-hwcap.h and dl-procinfo.h of glibc's sysdeps/x86; _DL_HWCAP_TLS_MASK).</summary>
    const ulong Tls = 1ul << 63;
    const ulong Sse2 = 1;
    const ulong Wide = 2;
    const ulong Avx512 = 4;
    const ulong I686 = 1ul << 49;
    const ulong Haswell = 1ul << 50;
    const ulong XeonPhi = 1ul << 51;

    /// <summary>HWCAP_ATOMICS of arm64's AT_HWCAP, and the cache's bit too.</summary>
    const ulong Atomics = 1ul << 8;

    /// <summary>The glibc-hwcaps directories that it can use, the best first; empty where the architecture has none, as arm64.</summary>
    public IReadOnlyList<string> Hwcaps { get; init; } = [];

    /// <summary>What $PLATFORM stands for; null where it has no value, which makes the loader drop the element.</summary>
    public string? Platform { get; init; }

    /// <summary>The parts of the subdirectories that glibc searched until 2.36, the first the most important: "tls", the platform, capabilities.</summary>
    public IReadOnlyList<string> LegacyParts { get; init; } = [];

    /// <summary>What the entries of ld.so.cache for such subdirectories may want: a bit for each part.</summary>
    public ulong LegacyBits { get; init; }

    /// <summary>A machine of which nothing is known but its architecture.</summary>
    public static LoaderCpu Of(ElfMachine machine) => machine switch
    {
        ElfMachine.X86_64 => new() { Platform = "x86_64", LegacyParts = ["tls", "x86_64", "x86_64"], LegacyBits = Tls | Wide },
        // What runs programs of 32 bits beside its own is no older machine.
        ElfMachine.I386 => new() { Platform = "i686", LegacyParts = ["tls", "i686", "sse2"], LegacyBits = Tls | I686 | Sse2 },
        ElfMachine.AArch64 => OfArm64(0),
        _ => new(),
    };

    /// <summary>This machine's own where it runs such programs itself, else as good as one knows.</summary>
    public static LoaderCpu OfThisMachine(ElfMachine machine) => (machine, RuntimeInformation.ProcessArchitecture) switch
    {
        (ElfMachine.X86_64, Architecture.X64) => OfThisX64(),
        (ElfMachine.AArch64, Architecture.Arm64) => OfArm64(KernelsCapabilities()),
        _ => Of(machine),
    };

    /// <param name="capabilities">What the kernel tells programs of the CPU (AT_HWCAP of getauxval(3)).</param>
    public static LoaderCpu OfArm64(ulong capabilities) => (capabilities & Atomics) == 0
        ? new() { Platform = "aarch64", LegacyParts = ["tls", "aarch64"], LegacyBits = Tls }
        : new() { Platform = "aarch64", LegacyParts = ["tls", "aarch64", "atomics"], LegacyBits = Tls | Atomics };

    /// <summary>From this process's own auxiliary vector (proc(5)); 0 where it is not to be had.</summary>
    static ulong KernelsCapabilities()
    {
        const ulong hwcap = 16;
        try
        {
            ReadOnlySpan<ulong> vector = MemoryMarshal.Cast<byte, ulong>(File.ReadAllBytes("/proc/self/auxv"));
            for (int i = 0; i + 1 < vector.Length; i += 2)
            {
                if (vector[i] == hwcap)
                    return vector[i + 1];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc.
        }

        return 0;
    }

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

        // Intel's have a name of their own: AVX512 CD and ER and PF; or AVX2, FMA, BMI1, BMI2, LZCNT, MOVBE, POPCNT.
        string platform = "x86_64";
        List<string> capabilities = ["x86_64"];
        ulong bits = Tls | Wide;
        if (vendor == Genu && Has(ecx1, 27))
        {
            bool phi = Has(ebx7, 28, 27, 26);
            if (phi)
                (platform, bits) = ("xeon_phi", bits | XeonPhi);
            else if (Has(ebx7, 5, 3, 8) && Has(ecxExtended, 5) && Has(ecx1, 12, 22, 23))
                (platform, bits) = ("haswell", bits | Haswell);
            if (!Has(ebx7, 27) && Has(ebx7, 28, 30, 17, 31))
            {
                capabilities.Insert(0, "avx512_1");
                bits |= Avx512;
            }
        }

        return new LoaderCpu { Hwcaps = levels, Platform = platform, LegacyParts = ["tls", platform, .. capabilities], LegacyBits = bits };
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
