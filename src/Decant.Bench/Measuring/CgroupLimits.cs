using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>What cgroups allow a process: the least of its cgroup and those above it (admin-guide/cgroup-v2.rst, admin-guide/cgroup-v1).</summary>
static class CgroupLimits
{
    /// <summary>For the diff between environments: "cgroup.memory", "cgroup.cpu" (processors), "cgroup.pids". Of what has no limit, nothing.</summary>
    public static IEnumerable<(string Name, string Value)> Of(int pid)
    {
        IReadOnlyList<CgroupMembership> memberships = CgroupMembership.Parse(KernelText.TryRead($"/proc/{pid}/cgroup") ?? "");
        IReadOnlyList<MountInfo> mounts = MountInfo.ReadSelf();
        double? memory = null, processors = null, processes = null;
        foreach (CgroupMembership membership in memberships.Where(one => one.IsVersion2 || one.Controllers.Any(controller => controller is "memory" or "cpu" or "pids")))
        {
            for (string path = membership.Path; ; path = LinuxPath.Parent(path))
            {
                if ((membership with { Path = path }).Directory(mounts) is { } directory)
                {
                    memory = Least(memory, Number(directory, "memory.max"), Number(directory, "memory.limit_in_bytes"));
                    processors = Least(processors, Quota(KernelText.TryRead(directory + "/cpu.max")), Quota($"{KernelText.TryRead(directory + "/cpu.cfs_quota_us")?.Trim()} {KernelText.TryRead(directory + "/cpu.cfs_period_us")}"));
                    processes = Least(processes, Number(directory, "pids.max"));
                }

                if (path is "/" or "")
                    break;
            }
        }

        if (memory is { } bytes)
            yield return ("cgroup.memory", ValueText.Of(bytes, "B"));
        if (processors is { } share)
            yield return ("cgroup.cpu", share.ToString("0.###", CultureInfo.InvariantCulture));
        if (processes is { } number)
            yield return ("cgroup.pids", number.ToString(CultureInfo.InvariantCulture));
    }

    static double? Least(params ReadOnlySpan<double?> values)
    {
        double? least = null;
        foreach (double? value in values)
        {
            if (value is { } known && !(least <= known))
                least = known;
        }

        return least;
    }

    /// <summary>Null for "max", and for the number by which version 1 says so.</summary>
    static double? Number(string directory, string file) => KernelText.TryReadNumber($"{directory}/{file}") is { } number and < 1L << 60 ? number : null;

    /// <param name="text">"QUOTA PERIOD" in microseconds; a quota of "max" or -1 is none.</param>
    static double? Quota(string? text) =>
        text?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is [var quota, var period] && double.TryParse(quota, out double time) && time > 0 && double.TryParse(period, out double of) && of > 0 ? time / of : null;
}
