using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// A mount of the host below a directory that a launch wants to show without it. In a user namespace the mounts that were there before
/// are locked, and the kernel shows nobody what they cover (mount_namespaces(7)): it refuses an overlay of the directory with EINVAL.
/// </summary>
/// <param name="MountPoint">Absolute.</param>
sealed record LockedMounts(string MountPoint, string Directory)
{
    public string Cause =>
        $"{PathBytes.Printable(MountPoint)} is mounted below {PathBytes.Printable(Directory)}, and the kernel lets only root show the directory without it";

    /// <summary>The first such mount; null where there is none.</summary>
    public static LockedMounts? Below(ReadOnlySpan<string> directories)
    {
        IReadOnlyList<MountInfo> mounts = MountInfo.ReadSelf();
        foreach (string directory in directories)
        {
            if (LinuxFile.TryRealPath(directory, out string? real) != Errno.None)
                continue;
            foreach (MountInfo mount in mounts)
            {
                if (LinuxPath.IsBelow(mount.MountPoint, real!))
                    return new LockedMounts(mount.MountPoint, directory);
            }
        }

        return null;
    }
}
