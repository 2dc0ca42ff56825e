namespace Decant.Linux;

/// <summary>One line of /proc/self/cgroup (cgroups(7)): a hierarchy and this process's place in it.</summary>
/// <param name="Controllers">Of version 1; empty for the version 2 hierarchy. A named hierarchy has "name=…".</param>
/// <param name="Path">From the root of the cgroup namespace.</param>
public sealed record CgroupMembership(IReadOnlyList<string> Controllers, string Path)
{
    public bool IsVersion2 => Controllers.Count == 0;

    /// <summary>A hierarchy of version 1 without controllers.</summary>
    public bool IsNamed => Controllers is [var only] && only.StartsWith("name=", StringComparison.Ordinal);

    /// <exception cref="DecantException">A line is not hierarchy:controllers:path.</exception>
    public static IReadOnlyList<CgroupMembership> Parse(string text)
    {
        List<CgroupMembership> memberships = [];
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0)
                continue;
            string[] fields = line.Split(':', 3);
            if (fields.Length != 3 || !fields[2].StartsWith('/'))
                throw new DecantException($"/proc/self/cgroup has a line that is not hierarchy:controllers:path: {PathBytes.Printable(line)}");
            memberships.Add(new CgroupMembership(fields[1].Split(',', StringSplitOptions.RemoveEmptyEntries), fields[2]));
        }

        return memberships;
    }

    /// <summary>Where this process's cgroup is in the file system; null if the hierarchy is not mounted, or the process outside of what is.</summary>
    public string? Directory(IReadOnlyList<MountInfo> mounts)
    {
        // Above the root of the cgroup namespace (cgroup_namespaces(7)).
        if (Path.StartsWith("/..", StringComparison.Ordinal))
            return null;
        foreach (MountInfo mount in mounts)
        {
            if (mount.FileSystemType != (IsVersion2 ? "cgroup2" : "cgroup"))
                continue;
            if (!IsVersion2 && !mount.SuperOptions.Contains(Controllers[0]))
                continue;
            // In a container the mount shows only the part below its own root.
            if (mount.Root == "/")
                return Path == "/" ? mount.MountPoint : mount.MountPoint + Path;
            if (Path == mount.Root || Path.StartsWith(mount.Root + "/", StringComparison.Ordinal))
                return mount.MountPoint + Path[mount.Root.Length..];
            return mount.MountPoint;
        }

        return null;
    }
}
