using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Decant.Elf;

/// <summary>The glibc-hwcaps directories that this machine's CPU can use (sysdeps/x86/dl-hwcaps_subdirs of glibc; x86-64 psABI, "micro-architecture levels").</summary>
public static class Hwcaps
{
    /// <summary>The best first; empty where the architecture has none, as arm64.</summary>
    public static IReadOnlyList<string> OfThisMachine()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return [];
        (_, _, int ecx1, _) = X86Base.CpuId(1, 0);
        (int maxLeaf, _, _, _) = X86Base.CpuId(0, 0);
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

        return levels;
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
