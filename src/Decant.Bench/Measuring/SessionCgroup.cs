using System.Collections.Immutable;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// The cgroup that all trials of a session live in, so that every arm is measured by the same instrument. Root's lies at the top of each hierarchy, where
/// engines can be told to put their containers; another user's below his own.
/// </summary>
/// <param name="EngineParent">The path for --cgroup-parent; null where engines cannot be told.</param>
/// <param name="Everywhere">Where it lies, or an engine may have made it, in each hierarchy: engines of version 1 use all of them.</param>
public sealed record SessionCgroup(ControlGroup Group, string? EngineParent, ImmutableArray<string> Everywhere)
{
    static readonly string[] Controllers = ["memory", "cpu", "cpuacct", "io", "blkio", "pids"];

    /// <summary>Makes it.</summary>
    /// <param name="reason">Why there is none.</param>
    /// <returns>Null where this caller may make none; trials then have no counters of cgroups.</returns>
    public static SessionCgroup? TryMake(out string? reason)
    {
        reason = null;
        string name = $"decant-bench-{Libc.GetProcessId()}";
        try
        {
            if (Plan(name, out bool top) is not { } group)
            {
                reason = "no cgroup with the memory controller is delegated to this user (systemd-run --user --scope -p Delegate=yes decant bench …, or root)";
                return null;
            }

            if (group.IsVersion2)
                Parent(group).Delegate();
            group.Make(parent: true);
            return new SessionCgroup(group, top ? "/" + name : null, top ? Hierarchies(name) : [.. group.Paths]);
        }
        catch (LinuxException e)
        {
            reason = e.Message;
            return null;
        }
    }

    static ImmutableArray<string> Hierarchies(string name) =>
        [.. MountInfo.ReadSelf().Where(mount => mount.FileSystemType is "cgroup" or "cgroup2").Select(mount => $"{mount.MountPoint}/{name}").Distinct()];

    /// <summary>Ends all that is left of a trial, and removes its cgroups.</summary>
    /// <returns>False where something could not be ended.</returns>
    public bool Remove(string trial) => new ControlGroup(Everywhere.ToImmutableSortedDictionary(path => path, path => $"{path}/{trial}"), IsVersion2: false).Remove();

    /// <summary>Ends all that is left of the session, and removes its cgroups.</summary>
    public void RemoveAll() => new ControlGroup(Everywhere.ToImmutableSortedDictionary(path => path, path => path), IsVersion2: false).Remove();

    static ControlGroup Parent(ControlGroup group) =>
        group with { Directories = group.Directories.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value[..pair.Value.LastIndexOf('/')]) };

    static ControlGroup? Plan(string name, out bool top)
    {
        IReadOnlyList<MountInfo> mounts = MountInfo.Parse(PathBytes.Encode(KernelText.TryRead("/proc/self/mountinfo") ?? ""));
        IReadOnlyList<CgroupMembership> memberships = CgroupMembership.Parse(KernelText.TryRead("/proc/self/cgroup") ?? "");
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles());
        ImmutableSortedDictionary<string, string>.Builder directories = ImmutableSortedDictionary.CreateBuilder<string, string>();
        bool version1 = memberships.Any(membership => membership.Controllers.Contains("memory"));
        top = Libc.GetEffectiveUserId() == 0;
        foreach (CgroupMembership membership in memberships)
        {
            if (membership.IsNamed || membership.IsVersion2 == version1)
                continue;
            string? directory = top
                ? (membership with { Path = "/" }).Directory(mounts)
                : membership.IsVersion2
                    ? facts.For("memory", "cpu")?.Directory
                    : facts.Places.FirstOrDefault(place => place.Version == 1 && place.Writable && place.Controllers.SequenceEqual(membership.Controllers))?.Directory;
            if (directory is null)
                continue;
            IEnumerable<string> controllers = membership.IsVersion2
                ? (KernelText.TryRead(directory + "/cgroup.controllers") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                : membership.Controllers;
            foreach (string controller in controllers.Intersect(Controllers))
                directories[controller] = $"{directory}/{name}";
        }

        return directories.ContainsKey("memory") ? new ControlGroup(directories.ToImmutable(), !version1) : null;
    }
}
