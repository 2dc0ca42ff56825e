using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether an ordinary user can map more than its own number: what images with several users need.</summary>
static class SubordinateIdCheck
{
    const string Id = "subordinate-ids";
    const string Title = "Subordinate user and group numbers";
    const string Consequence = "inside, only your own user exists: programs that switch users or change owners (apt, sshd) fail";

    public static HostCheck Check(HostProbes probes)
    {
        if (probes.IsRoot)
            return new HostCheck(Id, Title, HostStatus.Ok, "root needs none");
        if (probes.IsAlone)
            return new HostCheck(Id, Title, HostStatus.Limited, "an ordinary user, who had none to give, made the user namespace that decant runs in", Consequence, "run decant outside of it");
        string? user = UserName(probes);
        IReadOnlyList<SubordinateRange> users = SubordinateIds.Parse(probes.Files.Text("/etc/subuid") ?? "", "/etc/subuid", user, probes.UserId);
        IReadOnlyList<SubordinateRange> groups = SubordinateIds.Parse(probes.Files.Text("/etc/subgid") ?? "", "/etc/subgid", user, probes.UserId);
        string name = user ?? probes.UserId.ToString();
        if (users.Count == 0 || groups.Count == 0)
        {
            string file = (users.Count, groups.Count) switch { (0, 0) => "/etc/subuid and /etc/subgid", (0, _) => "/etc/subuid", _ => "/etc/subgid" };
            return new HostCheck(Id, Title, HostStatus.Limited, $"{name} has no range in {file}", Consequence, $"sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {name}   (choose a range that no other line holds)");
        }

        foreach (string tool in (ReadOnlySpan<string>)["newuidmap", "newgidmap"])
        {
            MappingTool found = MappingTool.Find(tool, probes.Files);
            if (found.Path is null)
                return new HostCheck(Id, Title, HostStatus.Limited, $"{tool} is not installed", Consequence, "sudo apt-get install uidmap   (Fedora, RHEL: sudo dnf install shadow-utils)");
            if (!found.Privileged)
                return new HostCheck(Id, Title, HostStatus.Limited, $"{found.Path} is neither setuid root nor has a file capability", Consequence, $"sudo setcap cap_set{(tool == "newuidmap" ? "uid" : "gid")}=ep {found.Path}");
        }

        return new HostCheck(Id, Title, HostStatus.Ok, $"{Count(users)} users and {Count(groups)} groups for {name}");
    }

    static long Count(IReadOnlyList<SubordinateRange> ranges) => ranges.Sum(range => (long)range.Count);

    /// <summary>From /etc/passwd; users of a directory service stand in $USER only.</summary>
    static string? UserName(HostProbes probes)
    {
        foreach (string line in (probes.Files.Text("/etc/passwd") ?? "").Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 3 && fields[2] == probes.UserId.ToString())
                return fields[0];
        }

        return CallerEnvironment.Get("USER");
    }
}
