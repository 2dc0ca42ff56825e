using Decant.Launch;

namespace Decant.Doctor;

/// <summary>The kernel's release, and the system calls without which a run differs.</summary>
static class KernelCheck
{
    const string Upgrade = "use a newer kernel";

    public static IEnumerable<HostCheck> Check(HostProbes probes)
    {
        KernelFeatures kernel = probes.Kernel;
        KernelRelease release = kernel.Release;
        yield return release.IsWindowsSubsystem1
            ? new HostCheck("kernel", "Kernel", HostStatus.Missing, $"{release.Text} (Windows Subsystem for Linux 1)", "it has no namespaces: nothing runs", "in Windows: wsl --set-version DISTRIBUTION 2")
            : new HostCheck("kernel", "Kernel", HostStatus.Ok, release.IsWindowsSubsystem ? $"{release.Text} (Windows Subsystem for Linux 2)" : release.Text);
        yield return Feature("kernel-openat2", "Resolving paths inside an image", kernel.OpenAt2, "openat2, Linux 5.6",
            HostStatus.Missing, "decant cannot look up paths of an image safely and refuses to run it", probes);
        yield return Feature("kernel-mount-descriptors", "Mounting through descriptors", kernel.MountDescriptors, "open_tree and move_mount, Linux 5.2",
            HostStatus.Missing, "decant cannot place mounts safely in an image and refuses to run it", probes);
        yield return Feature("kernel-mount-setattr", "Read-only binds", kernel.MountSetattr, "mount_setattr, Linux 5.12",
            HostStatus.Limited, "-v SRC:DST:ro leaves file systems mounted below SRC writable", probes);
        yield return Feature("kernel-pidfd", "Process descriptors", kernel.PidFd, "pidfd_open, Linux 5.3",
            HostStatus.Limited, "signals to a program that just ended could reach another with its number", probes);
        yield return TmpfsXattrs(release);
    }

    static HostCheck Feature(string id, string title, bool present, string what, HostStatus otherwise, string consequence, HostProbes probes)
    {
        if (present)
            return new HostCheck(id, title, HostStatus.Ok, what);
        bool filtered = UserNamespaceFacts.Probe(probes.Files, probes.UserId, probes.DecantPath).SeccompFilter;
        return filtered
            ? new HostCheck(id, title, otherwise, $"no {what} (a seccomp filter is active)", consequence, "start the outer container with --security-opt seccomp=unconfined, or run decant outside of it")
            : new HostCheck(id, title, otherwise, $"no {what}", consequence, Upgrade);
    }

    /// <summary>Without user.* attributes on tmpfs an unprivileged overlay cannot mark a directory there as opaque.</summary>
    static HostCheck TmpfsXattrs(KernelRelease release) => release.IsAtLeast(6, 6)
        ? new HostCheck("kernel-tmpfs-xattrs", "Attributes on tmpfs", HostStatus.Ok, "user.* attributes, Linux 6.6")
        : new HostCheck("kernel-tmpfs-xattrs", "Attributes on tmpfs", HostStatus.Limited, "no user.* attributes on tmpfs (Linux 6.6 has them)",
            "for ordinary users a directory of the image that a program removes and makes again in a throw-away layer may fail or show its old content", "keep the layer on disk: decant run --name NAME");
}
