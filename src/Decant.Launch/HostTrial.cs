using Decant.Launch.Lowering;
using Decant.Launch.Running;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch;

/// <summary>
/// Tries, in a child that ends at once, what a rootless launch needs: what settings promise, a security module may still forbid. For
/// the host's root the child first becomes an ordinary user.
/// </summary>
public static unsafe class HostTrial
{
    /// <summary>The uid that belongs to nobody on every Linux system.</summary>
    const uint Nobody = 65534;

    const long SetDumpable = 4;

    /// <summary>A user namespace with a mount namespace, and a first mount in it: Ubuntu's AppArmor rule forbids only the mount.</summary>
    public static Errno UserNamespace() => Try(withOverlay: false);

    /// <summary>The same, and an overlay file system.</summary>
    public static Errno Overlay() => Try(withOverlay: true);

    static Errno Try(bool withOverlay)
    {
        using SyscallProgram program = new();
        using Pipe report = new();
        uint uid = Libc.GetEffectiveUserId();
        uint gid = Libc.GetEffectiveGroupId();
        // In a user namespace that is not the host's, nobody may not be mapped, and the caller has no more rights than it will have.
        if (uid == 0 && CallerNamespace.IsFirst)
        {
            (uid, gid) = (Nobody, Nobody);
            program.Call(SyscallNumber.Setgroups, 0L, 0L);
            program.Call(SyscallNumber.Setresgid, gid, gid, gid);
            program.Call(SyscallNumber.Setresuid, uid, uid, uid);
            // A change of identity gives /proc/self to root, where the maps are written.
            program.Call(SyscallNumber.Prctl, SetDumpable, 1L);
        }

        program.Call(SyscallNumber.Unshare, (long)(Steps.Namespaces.User | Steps.Namespaces.Mount));
        IdMapWriter.Lower(program, IdMapping.Single(uid, uid, gid, gid));
        program.Call(SyscallNumber.Mount, 0L, program.Text("/"), 0L, (long)(MountCall.Slave | MountCall.Recursive), 0L);
        // /proc is a directory on every host; its descriptors are not needed here.
        program.Call(SyscallNumber.Mount, program.Text("decant"), program.Text("/proc"), program.Text("tmpfs"), 0L, 0L);
        if (withOverlay)
        {
            foreach (string name in (ReadOnlySpan<string>)["lower", "upper", "work", "root"])
                program.Call(SyscallNumber.Mkdirat, -100L, program.Text("/proc/" + name), 0x1C0);
            program.Call(SyscallNumber.Mount, program.Text("decant"), program.Text("/proc/root"), program.Text("overlay"), 0L,
                program.Text("lowerdir=/proc/lower,upperdir=/proc/upper,workdir=/proc/work,userxattr"));
        }

        Errno errno = ChildProcess.TryFork(program, 0, LinuxFile.Number(report.Writer), out int pid);
        if (errno != Errno.None)
            return errno;
        report.Writer.Dispose();
        ChildProcess.Wait(pid);
        return Result(report.Reader);
    }

    static Errno Result(SafeFileHandle reader)
    {
        WalkFailure failure;
        return Libc.Syscall(SyscallNumber.Read, LinuxFile.Number(reader), (long)&failure, sizeof(WalkFailure)) == sizeof(WalkFailure)
            ? (Errno)failure.Error
            : Errno.EIO;
    }
}
