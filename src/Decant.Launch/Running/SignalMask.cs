using Decant.Launch.Lowering;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>Signal sets as the kernel has them: bit n-1 for signal n.</summary>
static unsafe class SignalMask
{
    const long Block = 0;
    const long SetMask = 2;

    /// <summary>All that can be caught, but for faults of decant's own, stops of background jobs, and those that the runtime and the C library send themselves.</summary>
    public const ulong Forwarded = ~((1UL << 3) | (1UL << 6) | (1UL << 7) | (1UL << 8) | (1UL << 10) | (1UL << 18) | (1UL << 30) | (7UL << 31) | (1UL << 20) | (1UL << 21));

    public static ulong Bit(int signal) => 1UL << (signal - 1);

    public static ulong Current()
    {
        ulong mask;
        Libc.RawSyscall(SyscallNumber.RtSigprocmask, Block, 0, (long)&mask, 8, 0, 0);
        return mask;
    }

    public static void BlockHere(ulong signals) => Libc.RawSyscall(SyscallNumber.RtSigprocmask, Block, (long)&signals, 0, 8, 0, 0);

    public static void Set(ulong mask) => Libc.RawSyscall(SyscallNumber.RtSigprocmask, SetMask, (long)&mask, 0, 8, 0, 0);

    /// <summary>Opens one signal for as long as it takes to arrive here.</summary>
    public static void OpenFor(int signal)
    {
        const long Unblock = 1;
        ulong bit = Bit(signal);
        Libc.RawSyscall(SyscallNumber.RtSigprocmask, Unblock, (long)&bit, 0, 8, 0, 0);
        BlockHere(bit);
    }

    /// <summary>Has a child ignore and block what the caller does: a handler does not outlive execve(2), nor does what it replaced.</summary>
    public static void Lower(SyscallProgram program, ulong ignored, ulong blocked)
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((ignored & Bit(signal)) == 0)
                continue;
            SignalAction* ignore = (SignalAction*)program.Allocate(sizeof(SignalAction));
            ignore->Handler = SignalAction.Ignore;
            program.Call(SyscallNumber.RtSigaction, signal, (byte*)ignore, 0L, 8L);
        }

        byte* mask = program.Allocate(8);
        *(ulong*)mask = blocked;
        program.Call(SyscallNumber.RtSigprocmask, SetMask, mask, 0L, 8L);
    }
}
