using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Lowering;

/// <summary>Where a walk ended: the step and why. Eight bytes, so that a pipe carries it whole.</summary>
readonly record struct WalkFailure(int Step, int Error)
{
    /// <summary>What a forked child writes to its pipe; null where the pipe closes with the exec.</summary>
    public static unsafe WalkFailure? Read(SafeFileHandle reader)
    {
        WalkFailure failure;
        long read;
        do read = Libc.RawSyscall(SyscallNumber.Read, LinuxFile.Number(reader), (long)&failure, sizeof(WalkFailure), 0, 0, 0);
        while (read < 0 && *Libc.ErrnoLocation() == (int)Errno.EINTR);
        return read == sizeof(WalkFailure) ? failure : null;
    }
}
