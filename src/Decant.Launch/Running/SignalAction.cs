using System.Runtime.InteropServices;

namespace Decant.Launch.Running;

/// <summary>struct sigaction of the kernel (asm-generic/signal.h; x86-64 and arm64 agree).</summary>
[StructLayout(LayoutKind.Sequential)]
struct SignalAction
{
    public const long Ignore = 1;

    public long Handler;
    public ulong Flags;
    public long Restorer;
    public ulong Mask;
}
