namespace Decant.Linux;

/// <summary>What the user namespace that decant runs in lets its uid 0 do (user_namespaces(7)).</summary>
public static class CallerNamespace
{
    /// <summary>The inode of the host's own user namespace (PROC_USER_INIT_INO of the kernel's proc_ns.h).</summary>
    const ulong FirstInode = 0xEFFFFFFD;

    /// <summary>It is the host's own. Taken for granted where there is no /proc to ask.</summary>
    public static bool IsFirst =>
        LinuxFile.TryStatus(null, "/proc/self/ns/user", follow: true, out FileStatus status) != Errno.None || status.Inode == FirstInode;

    /// <summary>
    /// The caller is uid 0 and may become other users. Uid 0 of a namespace that an ordinary user made for himself, as unshare -r does, is
    /// that user alone: the kernel denies it setgroups(2), and no other number is mapped.
    /// </summary>
    public static bool IsRoot => Libc.GetEffectiveUserId() == 0 && (IsFirst || !DeniesGroups(ReadSetgroups()));

    /// <summary>The text of /proc/PID/setgroups; null where the kernel has none (before 3.19).</summary>
    public static bool DeniesGroups(string? setgroups) => setgroups?.Trim() == "deny";

    static string? ReadSetgroups() =>
        LinuxFile.TryReadAll(null, "/proc/self/setgroups", out byte[] text) == Errno.None ? PathBytes.Decode(text) : null;
}
