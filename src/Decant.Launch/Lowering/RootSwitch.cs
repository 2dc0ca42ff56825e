using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>
/// Leaving the host's tree of mounts, also where the caller's root is not an ordinary mount: in a chroot, where nothing is mounted
/// at "/", and on an initramfs, which pivot_root(2) cannot put away. Keeps to the rules of <see cref="ProgramWalker"/>; each method
/// returns an error number, or 0.
/// </summary>
static unsafe class RootSwitch
{
    const long AtFdCwd = -100;
    const long NewMountNamespace = 0x20000;
    const long Detach = 2;
    const long Move = 0x2000;

    /// <summary>No mount made from here on reaches the host; what the host mounts still arrives.</summary>
    public static int StopPropagation()
    {
        int error = MakeSlave();
        if (error != (int)Errno.EINVAL)
            return error;
        // In a chroot. Were only the mounts below it changed, those that the launch makes itself would still reach the host.
        long root = Open("/\0"u8, (long)(OpenFlags.Path | OpenFlags.CloseOnExec));
        if (root < 0)
            return Error();
        error = GoToNamespaceRoot();
        if (error == 0)
            error = MakeSlave();
        if (error == 0)
            error = Result(Libc.RawSyscall(SyscallNumber.Fchdir, root, 0, 0, 0, 0, 0));
        if (error == 0)
            error = ChangeRootHere();
        Libc.RawSyscall(SyscallNumber.Close, root, 0, 0, 0, 0, 0);
        return error;
    }

    /// <summary>Makes a mounted directory the root, and the working directory, and lets go of everything else that is mounted.</summary>
    public static int Enter(long directory)
    {
        int error = PivotTo(directory);
        if (error == (int)Errno.EINVAL && GoToNamespaceRoot() == 0)
            error = PivotTo(directory);
        if (error == (int)Errno.EINVAL)
            error = MoveOver(directory);
        fixed (byte* top = "/\0"u8)
            return error != 0 ? error : Result(Libc.RawSyscall(SyscallNumber.Chdir, (long)top, 0, 0, 0, 0, 0));
    }

    /// <summary>pivot_root(2), "pivot_root . .": the old root lies over the new one, until it is detached.</summary>
    static int PivotTo(long directory)
    {
        fixed (byte* here = ".\0"u8)
        {
            if (Libc.RawSyscall(SyscallNumber.Fchdir, directory, 0, 0, 0, 0, 0) < 0
                || Libc.RawSyscall(SyscallNumber.PivotRoot, (long)here, (long)here, 0, 0, 0, 0) < 0
                || Libc.RawSyscall(SyscallNumber.Umount2, (long)here, Detach, 0, 0, 0, 0) < 0)
                return Error();
            return 0;
        }
    }

    /// <summary>As switch_root(8) leaves an initramfs (ramfs-rootfs-initramfs.rst): the new root covers the kernel's first, which always stays.</summary>
    static int MoveOver(long directory)
    {
        fixed (byte* here = ".\0"u8, top = "/\0"u8)
        {
            if (Libc.RawSyscall(SyscallNumber.Fchdir, directory, 0, 0, 0, 0, 0) < 0
                || Libc.RawSyscall(SyscallNumber.Mount, (long)here, (long)top, 0, Move, 0, 0) < 0)
                return Error();
            return ChangeRootHere();
        }
    }

    /// <summary>setns(2) into the mount namespace that the process is in already: root and working directory become the namespace's own.</summary>
    static int GoToNamespaceRoot()
    {
        long mounts = Open("/proc/self/ns/mnt\0"u8, (long)OpenFlags.CloseOnExec);
        if (mounts < 0)
            return Error();
        int error = Result(Libc.RawSyscall(SyscallNumber.Setns, mounts, NewMountNamespace, 0, 0, 0, 0));
        Libc.RawSyscall(SyscallNumber.Close, mounts, 0, 0, 0, 0, 0);
        return error;
    }

    static int MakeSlave()
    {
        fixed (byte* top = "/\0"u8)
            return Result(Libc.RawSyscall(SyscallNumber.Mount, 0, (long)top, 0, (long)(MountCall.Slave | MountCall.Recursive), 0, 0));
    }

    static int ChangeRootHere()
    {
        fixed (byte* here = ".\0"u8)
            return Result(Libc.RawSyscall(SyscallNumber.Chroot, (long)here, 0, 0, 0, 0, 0));
    }

    static long Open(ReadOnlySpan<byte> path, long flags)
    {
        fixed (byte* text = path)
            return Libc.RawSyscall(SyscallNumber.Openat, AtFdCwd, (long)text, flags, 0, 0, 0);
    }

    static int Result(long value) => value < 0 ? Error() : 0;

    static int Error() => *Libc.ErrnoLocation();
}
