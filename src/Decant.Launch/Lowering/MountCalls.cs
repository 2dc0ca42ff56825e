using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>
/// Which of the newer calls this kernel offers. Asked with arguments that no kernel accepts, so that asking does nothing. A filter of a
/// container that we run in may answer EPERM for a call it does not know, which counts as absent; so does qemu-user's ENOSYS.
/// </summary>
readonly record struct MountCalls(bool OpenAt2, bool MountApi)
{
    public static MountCalls Probe() => new(
        Offers(SyscallNumber.Openat2),
        Offers(SyscallNumber.MountSetattr) && Offers(SyscallNumber.OpenTree));

    static unsafe bool Offers(long number)
    {
        long rc = Libc.RawSyscall(number, -1, 0, ~0L, 0, 0, 0);
        return rc >= 0 || *Libc.ErrnoLocation() is not ((int)Errno.ENOSYS or (int)Errno.EPERM);
    }
}
