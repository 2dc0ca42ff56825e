using Decant.Linux;

namespace Decant.Launch;

/// <summary>What an error of clone(CLONE_NEWUSER), or of the first mounts after it, means on this host, and what to do.</summary>
public static class UserNamespaceAdvice
{
    const string Engine = "start the outer container with --security-opt seccomp=unconfined (docker, podman), or run decant outside of it";

    /// <summary>For clone(2) or unshare(2) with CLONE_NEWUSER.</summary>
    public static Advice For(Errno errno, UserNamespaceFacts facts) => errno switch
    {
        Errno.EINVAL when !facts.InKernel => new Advice("this kernel was built without user namespaces", "use a kernel with CONFIG_USER_NS=y, or run decant as root"),
        // ENOSPC is both the count and the depth of 32; before 4.9 the depth was EUSERS.
        Errno.ENOSPC when facts.Maximum == 0 => new Advice("user.max_user_namespaces is 0: user namespaces are switched off", Persist("user.max_user_namespaces", "15000")),
        Errno.ENOSPC when facts.Nested => new Advice("the limit of user namespaces is reached, or they are nested more than 32 deep", "end processes that hold user namespaces (lsns -t user), or run decant outside of this container"),
        Errno.ENOSPC => new Advice($"user.max_user_namespaces is {facts.Maximum} and that many are in use", Persist("user.max_user_namespaces", Math.Max(15000, (facts.Maximum ?? 0) * 2).ToString())),
        Errno.EUSERS => new Advice("user namespaces are nested more than 32 deep", "run decant outside of this container"),
        Errno.EPERM or Errno.EACCES => Refused(facts),
        Errno.ENOSYS => new Advice("the call is filtered out, as some container engines do", Engine),
        Errno.EAGAIN => new Advice("the limit of processes of this user is reached", "raise it: ulimit -u, or TasksMax= of the user's systemd slice"),
        Errno.ENOMEM => new Advice("the kernel has no memory left for a new process or namespace", null),
        _ => new Advice(errno.Describe(), null),
    };

    /// <summary>For a mount inside a fresh user namespace, where the namespace itself was made.</summary>
    public static Advice ForMount(Errno errno, UserNamespaceFacts facts) => errno switch
    {
        Errno.EPERM or Errno.EACCES when facts.AppArmorHolds => AppArmor(facts),
        Errno.EPERM when facts.SeccompFilter => new Advice("a seccomp filter forbids mounting, as container engines set one", Engine),
        Errno.EPERM when facts.Nested => new Advice("the outer container masks parts of /proc or /sys, and the kernel then gives no fresh ones", "docker: add --security-opt systempaths=unconfined; podman: --security-opt unmask=ALL"),
        _ => new Advice(errno.Describe(), null),
    };

    static Advice Refused(UserNamespaceFacts facts)
    {
        if (facts.UnprivilegedClone == 0 && !facts.IsRoot)
            return new Advice("kernel.unprivileged_userns_clone is 0: only root may make user namespaces", Persist("kernel.unprivileged_userns_clone", "1"));
        if (facts.AppArmorHolds)
            return AppArmor(facts);
        if (facts.Chrooted)
            return new Advice("decant runs inside a chroot, where the kernel makes no user namespaces", "enter the directory with pivot_root instead (bwrap, unshare --root on a bind mount, systemd-nspawn), or run decant as root");
        if (facts.SeccompFilter)
            return new Advice("a seccomp filter forbids it, as container engines set one", Engine);
        if (facts.Nested)
            return new Advice("the caller's user or group has no place in the outer user namespace", "run decant as a user that the outer container maps");
        return new Advice("a security module forbids it", "look for the denial: journalctl -k | grep -iE 'apparmor|avc|lsm'");
    }

    static Advice AppArmor(UserNamespaceFacts facts) => new(
        "kernel.apparmor_restrict_unprivileged_userns is 1 and decant has no AppArmor profile that allows user namespaces",
        AppArmorProfile.Install(facts.DecantPath));

    /// <summary>Sets a sysctl now and for the next start.</summary>
    internal static string Persist(string name, string value) =>
        $"echo '{name} = {value}' | sudo tee /etc/sysctl.d/60-decant.conf && sudo sysctl --system";
}
