using Decant.Linux;

namespace Decant.Launch;

/// <summary>What decides whether the caller may make a user namespace, and have rights in it (user_namespaces(7)).</summary>
public sealed record UserNamespaceFacts
{
    /// <summary>The caller is root, and needs none (<see cref="CallerNamespace.IsRoot"/>).</summary>
    public bool IsRoot { get; init; }

    /// <summary>The kernel was built with user namespaces (/proc/self/ns/user).</summary>
    public bool InKernel { get; init; } = true;

    /// <summary>user.max_user_namespaces: how many this user may have; null where the kernel has no such limit (before 4.9).</summary>
    public long? Maximum { get; init; }

    /// <summary>kernel.unprivileged_userns_clone of Debian's kernels; null where the kernel has no such switch.</summary>
    public long? UnprivilegedClone { get; init; }

    /// <summary>
    /// kernel.apparmor_restrict_unprivileged_userns is 1 (Ubuntu from 23.10): a program without a profile that says "userns"
    /// gets a user namespace in which it has no rights.
    /// </summary>
    public bool AppArmorRestricts { get; init; }

    /// <summary>This process's AppArmor profile, such as "unconfined" or "decant (unconfined)"; null without AppArmor.</summary>
    public string? AppArmorProfile { get; init; }

    /// <summary>A seccomp filter is on this process, as in a container engine's containers.</summary>
    public bool SeccompFilter { get; init; }

    /// <summary>This process is in a user namespace that is not the host's first.</summary>
    public bool Nested { get; init; }

    /// <summary>No mount is at /: this process was put into a directory by chroot(2), where the kernel makes no user namespaces.</summary>
    public bool Chrooted { get; init; }

    /// <summary>This program's path, for the text of an AppArmor profile.</summary>
    public string DecantPath { get; init; } = "/usr/local/bin/decant";

    /// <summary>The restriction holds for this process: no profile of its own lifts it.</summary>
    public bool AppArmorHolds => AppArmorRestricts && !IsRoot && (AppArmorProfile is null or "unconfined");

    public static UserNamespaceFacts Probe() =>
        Probe(new HostFiles(), Libc.GetEffectiveUserId(), Environment.ProcessPath ?? "/usr/local/bin/decant");

    public static UserNamespaceFacts Probe(HostFiles files, uint userId, string decantPath)
    {
        string? status = files.Text("/proc/self/status");
        string? mounts = files.Text("/proc/self/mountinfo");
        return new UserNamespaceFacts
        {
            IsRoot = userId == 0 && !CallerNamespace.DeniesGroups(files.Text("/proc/self/setgroups")),
            InKernel = files.Exists("/proc/self/ns/user"),
            Maximum = files.Sysctl("user.max_user_namespaces"),
            UnprivilegedClone = files.Sysctl("kernel.unprivileged_userns_clone"),
            AppArmorRestricts = files.Sysctl("kernel.apparmor_restrict_unprivileged_userns") == 1,
            AppArmorProfile = (files.Text("/proc/self/attr/apparmor/current") ?? files.Text("/proc/self/attr/current"))?.Trim('\n', '\0', ' '),
            SeccompFilter = Field(status, "Seccomp") == "2",
            Nested = files.Text("/proc/self/uid_map") is string map && !IsFirst(map),
            Chrooted = mounts is not null && !MountInfo.Parse(PathBytes.Encode(mounts)).Any(mount => mount.MountPoint == "/"),
            DecantPath = decantPath,
        };
    }

    /// <summary>The value of a line "NAME:\tVALUE" of /proc/PID/status.</summary>
    internal static string? Field(string? status, string name)
    {
        foreach (string line in (status ?? "").Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
                return line[(name.Length + 1)..].Trim();
        }

        return null;
    }

    /// <summary>The first user namespace maps every number to itself.</summary>
    static bool IsFirst(string map) => map.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];
}
