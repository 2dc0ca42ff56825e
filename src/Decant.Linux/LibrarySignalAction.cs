using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>struct sigaction of the C library (bits/sigaction.h; x86-64 and arm64 agree).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LibrarySignalAction
{
    /// <summary>0 for the default, 1 to ignore.</summary>
    public nint Handler;

    public SignalSet Mask;
    public int Flags;
    public nint Restorer;

    [InlineArray(16)]
    public struct SignalSet
    {
        ulong first;
    }
}
