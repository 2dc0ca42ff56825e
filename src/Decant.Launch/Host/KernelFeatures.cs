using Decant.Linux;

namespace Decant.Launch;

/// <summary>The running kernel's system calls that decant uses where they are there. Asked of the kernel itself: distributions add calls to old releases, and filters take them away.</summary>
public sealed record KernelFeatures
{
    public required KernelRelease Release { get; init; }

    /// <summary>openat2(2), 5.6: resolving a path inside an image's root.</summary>
    public required bool OpenAt2 { get; init; }

    /// <summary>open_tree(2) and move_mount(2), 5.2: mounting through descriptors.</summary>
    public required bool MountDescriptors { get; init; }

    /// <summary>mount_setattr(2), 5.12: read-only binds with everything mounted below.</summary>
    public required bool MountSetattr { get; init; }

    /// <summary>pidfd_open(2), 5.3: waiting for and signalling just this process.</summary>
    public required bool PidFd { get; init; }

    /// <summary>close_range(2), 5.9.</summary>
    public required bool CloseRange { get; init; }

    public static KernelFeatures Probe() => new()
    {
        Release = KernelRelease.Parse(new HostFiles().Text("/proc/sys/kernel/osrelease")?.Trim() ?? ""),
        OpenAt2 = Has(SyscallNumber.Openat2),
        MountDescriptors = Has(SyscallNumber.OpenTree) && Has(SyscallNumber.MoveMount),
        MountSetattr = Has(SyscallNumber.MountSetattr),
        PidFd = Has(SyscallNumber.PidfdOpen),
        CloseRange = Has(SyscallNumber.CloseRange),
    };

    /// <summary>Arguments that no call accepts: what is there answers EINVAL, EBADF, EFAULT or EPERM, what is not answers ENOSYS.</summary>
    static bool Has(long number) =>
        Libc.Syscall(number, -1, 0, -1, -1, -1) >= 0 || (Errno)System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.ENOSYS;
}
