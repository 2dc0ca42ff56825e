using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>
/// While one exists, a write to a connection that the other side has closed is an error (EPIPE) and no deadly SIGPIPE. The
/// framework's sockets count on that; decant keeps its own start from setting it, as programs would inherit it.
/// </summary>
public sealed unsafe class IgnoredBrokenPipes : IDisposable
{
    const long Ignore = 1;
    const int SignalSetBytes = 8;

    readonly SignalAction before;

    public IgnoredBrokenPipes()
    {
        SignalAction ignored = new() { Handler = Ignore };
        before = Exchange(&ignored);
    }

    public void Dispose()
    {
        SignalAction action = before;
        Exchange(&action);
    }

    static SignalAction Exchange(SignalAction* action)
    {
        SignalAction old;
        if (Libc.Syscall(SyscallNumber.RtSigaction, Signals.Pipe, (long)action, (long)&old, SignalSetBytes) != 0)
            throw new LinuxException("sigaction", "SIGPIPE", LinuxFile.LastError);
        return old;
    }

    /// <summary>struct sigaction of the kernel (asm-generic/signal.h; x86-64 and arm64 agree).</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct SignalAction
    {
        public long Handler;
        public ulong Flags;
        public long Restorer;
        public ulong Mask;
    }
}
