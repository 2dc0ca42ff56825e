using Decant.Images;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>The mapping of a caller to root with a range of other users behind it, where /etc/subuid and /etc/subgid give one.</summary>
static class SubordinateMapping
{
    /// <summary>Null, with the reason and what helps, where there is none.</summary>
    public static IdMapping? ForCaller(uint uid, uint gid, out Advice whyNone)
    {
        HostFiles files = new();
        if (CallerNamespace.DeniesGroups(files.Text("/proc/self/setgroups")))
        {
            whyNone = new Advice("an ordinary user, who had none to give, made the user namespace that decant runs in", "run decant outside of it");
            return null;
        }

        string? name = new AccountFiles(new RootView(["/"])).NameOf(uid);
        IReadOnlyList<SubordinateRange> users = SubordinateIds.Parse(files.Text("/etc/subuid") ?? "", "/etc/subuid", name, uid);
        IReadOnlyList<SubordinateRange> groups = SubordinateIds.Parse(files.Text("/etc/subgid") ?? "", "/etc/subgid", name, uid);
        if (users.Count == 0 || groups.Count == 0)
        {
            whyNone = new Advice(
                $"{(users.Count == 0 ? "/etc/subuid" : "/etc/subgid")} has none for {name ?? uid.ToString()}",
                $"as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {name ?? "USER"}");
            return null;
        }

        foreach (string tool in (ReadOnlySpan<string>)["newuidmap", "newgidmap"])
        {
            MappingTool found = MappingTool.Find(tool, files);
            if (found.Path is null || !found.Privileged)
            {
                whyNone = found.Path is null
                    ? new Advice($"{tool} is not installed", "as root: apt-get install uidmap")
                    : new Advice($"{found.Path} is neither setuid nor has it a file capability", $"as root: chmod u+s {found.Path}");
                return null;
            }
        }

        whyNone = new Advice("", null);
        return new IdMapping([.. Ranges(uid, users)], [.. Ranges(gid, groups)], ByHelper: true);
    }

    /// <summary>The caller as 0, the ranges behind it.</summary>
    static List<IdRange> Ranges(uint self, IReadOnlyList<SubordinateRange> ranges)
    {
        List<IdRange> result = [new IdRange(0, self, 1)];
        uint next = 1;
        foreach (SubordinateRange range in ranges)
        {
            result.Add(new IdRange(next, range.Start, range.Count));
            next += range.Count;
        }

        return result;
    }
}
