using Decant.Launch;

namespace Decant.Doctor;

/// <summary>Whether --memory and --cpus can be obeyed.</summary>
static class CgroupCheck
{
    const string Id = "cgroups";
    const string Title = "Cgroups";
    const string Consequence = "--memory and --cpus are refused; runs without them are not touched";

    public static HostCheck Check(HostProbes probes)
    {
        CgroupFacts facts = CgroupFacts.Probe(probes.Files);
        string layout = facts.Layout switch
        {
            CgroupLayout.Unified => "version 2",
            CgroupLayout.Hybrid => "version 1 with version 2 beside it",
            CgroupLayout.Legacy => "version 1",
            _ => "none mounted",
        };
        if (facts.Layout == CgroupLayout.None)
            return new HostCheck(Id, Title, HostStatus.Limited, layout, Consequence, probes.IsRoot ? "mount -t cgroup2 none /sys/fs/cgroup" : "sudo mount -t cgroup2 none /sys/fs/cgroup");
        List<string> writable = [];
        List<string> closed = [];
        foreach (string controller in (ReadOnlySpan<string>)["memory", "cpu"])
        {
            if (facts.For(controller) is CgroupPlace place)
                writable.Add($"{controller} at {place.Directory}");
            else
                closed.Add(facts.Has(controller) ? $"{controller} closed to you" : $"no {controller} controller");
        }

        string detail = $"{layout}: {string.Join(", ", [.. writable, .. closed])}";
        if (closed.Count == 0)
            return new HostCheck(Id, Title, HostStatus.Ok, detail);
        return new HostCheck(Id, Title, HostStatus.Limited, detail, Consequence, Fix(facts, probes));
    }

    static string? Fix(CgroupFacts facts, HostProbes probes)
    {
        bool missing = !facts.Has("memory") || !facts.Has("cpu");
        if (facts.Layout is CgroupLayout.Legacy or CgroupLayout.Hybrid && !missing)
            return "version 1 gives ordinary users no cgroups: run decant as root, or start the kernel with systemd.unified_cgroup_hierarchy=1";
        if (probes.IsRoot)
            return "start the kernel with cgroup_enable=memory, or give the outer container its controllers (echo '+memory +cpu' > cgroup.subtree_control in the cgroup above)";
        return """
            systemd-run --user --scope -p Delegate=yes decant run …
            once, where cpu is not delegated to users:
            printf '[Service]\nDelegate=cpu cpuset io memory pids\n' | sudo install -D /dev/stdin /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload
            """;
    }
}
