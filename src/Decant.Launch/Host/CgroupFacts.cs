using Decant.Linux;

namespace Decant.Launch;

public enum CgroupLayout
{
    None,

    /// <summary>Version 1 only.</summary>
    Legacy,

    /// <summary>Controllers in version 1, and version 2 mounted beside it, often without any.</summary>
    Hybrid,

    /// <summary>Version 2 only.</summary>
    Unified,
}

/// <summary>A directory in which cgroups for runs could be made.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Controllers">What may be limited in a cgroup made there.</param>
/// <param name="Directory">Absolute.</param>
/// <param name="Writable">The caller may make one and move processes into it.</param>
/// <param name="Delegates">False where cgroups there get the controllers only once cgroup.subtree_control names them.</param>
public sealed record CgroupPlace(int Version, IReadOnlyList<string> Controllers, string Directory, bool Writable, bool Delegates = true);

/// <summary>The cgroup hierarchies that this process sees (cgroups(7)).</summary>
/// <param name="Layout">What is mounted.</param>
/// <param name="Places">Of each hierarchy the nearest first.</param>
public sealed record CgroupFacts(CgroupLayout Layout, IReadOnlyList<CgroupPlace> Places)
{
    /// <summary>Where a cgroup with these controllers can be made; null where nowhere.</summary>
    public CgroupPlace? For(params IEnumerable<string> controllers) =>
        Places.FirstOrDefault(place => place.Writable && controllers.All(place.Controllers.Contains));

    public bool Has(string controller) => Places.Any(place => place.Controllers.Contains(controller));

    public static CgroupFacts Probe(HostFiles files)
    {
        List<CgroupPlace> places = [];
        IReadOnlyList<MountInfo> mounts = MountInfo.Parse(PathBytes.Encode(files.Text("/proc/self/mountinfo") ?? ""));
        bool legacy = false;
        foreach (CgroupMembership membership in CgroupMembership.Parse(files.Text("/proc/self/cgroup") ?? ""))
        {
            if (membership.IsNamed || membership.Directory(mounts) is not { } directory)
                continue;
            if (membership.IsVersion2)
            {
                AddUnified(places, files, directory, (membership with { Path = "/" }).Directory(mounts)!);
                continue;
            }

            legacy = true;
            places.Add(new CgroupPlace(1, membership.Controllers, directory, files.MayWrite(directory)));
        }

        bool unified = mounts.Any(mount => mount.FileSystemType == "cgroup2");
        return new CgroupFacts((legacy, unified) switch
        {
            (true, true) => CgroupLayout.Hybrid,
            (true, false) => CgroupLayout.Legacy,
            (false, true) => CgroupLayout.Unified,
            _ => CgroupLayout.None,
        }, places);
    }

    /// <summary>
    /// A cgroup with processes in it hands no controllers to its children (cgroup-v2.rst, "No Internal Process Constraint"), so the
    /// search starts at our own and goes up. The topmost may do both at once, when it is told to.
    /// </summary>
    static void AddUnified(List<CgroupPlace> places, HostFiles files, string own, string top)
    {
        for (string at = own; at.Length >= top.Length; at = at[..at.LastIndexOf('/')])
            places.Add(new CgroupPlace(2, Words(files, at + "/cgroup.subtree_control"), at, files.MayWrite(at) && files.MayWrite(at + "/cgroup.procs")));
        places.Add(new CgroupPlace(2, Words(files, top + "/cgroup.controllers"), top, files.MayWrite(top + "/cgroup.subtree_control"), Delegates: false));
    }

    static string[] Words(HostFiles files, string path) => (files.Text(path) ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
