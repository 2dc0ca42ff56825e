using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether this host runs images natively: all checks, in the order in which a reader wants them.</summary>
public sealed record HostReport(IReadOnlyList<HostCheck> Checks)
{
    /// <summary>The worst of the checks.</summary>
    public HostStatus Status => Checks.Count == 0 ? HostStatus.Ok : Checks.Max(check => check.Status);

    public static HostReport Collect(HostProbes probes)
    {
        List<HostCheck> checks = [];
        Add(checks, "kernel", "Kernel", () => KernelCheck.Check(probes));
        Add(checks, "user-namespaces", "User namespaces", () => [UserNamespaceCheck.Check(probes)]);
        Add(checks, "overlay", "Overlay file system", () => [OverlayCheck.Check(probes)]);
        Add(checks, "subordinate-ids", "Subordinate user and group numbers", () => [SubordinateIdCheck.Check(probes)]);
        Add(checks, "cgroups", "Cgroups", () => [CgroupCheck.Check(probes)]);
        Add(checks, "store", "Store", () => [StoreCheck.Check(probes)]);
        Add(checks, "gpus", "GPUs", () => GpuCheck.Check(probes));
        return new HostReport(checks);
    }

    /// <summary>A file of the host that cannot be understood is itself a finding, and does not hide the others.</summary>
    static void Add(List<HostCheck> checks, string id, string title, Func<IEnumerable<HostCheck>> check)
    {
        try
        {
            checks.AddRange(check());
        }
        catch (DecantException e)
        {
            checks.Add(new HostCheck(id, title, HostStatus.Missing, e.Message, "this could not be judged", e.Fix));
        }
    }
}
