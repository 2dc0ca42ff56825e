namespace Decant.Bench;

/// <summary>
/// other-surroundings: processes of the environments had other limits, or other variables than those that every launcher sets, so that a difference may be
/// theirs: a library's number of threads is a variable, and so is a program's mode.
/// </summary>
sealed class SurroundingsCheck : ThreatCheck
{
    /// <summary>So many names are told.</summary>
    const int Most = 6;

    /// <summary>Of who runs it and where, or set by shells and launchers for themselves.</summary>
    static readonly HashSet<string> Usual =
    [
        "_", "COLORTERM", "container", "DEBIAN_FRONTEND", "DOCKER_HOST", "HOME", "HOSTNAME", "LOGNAME", "LS_COLORS", "MAIL", "OLDPWD", "PATH", "PWD", "SHELL", "SHLVL", "TERM", "USER",
    ];

    /// <summary>Limits that slow a program down or end it; others, such as that of core files, differ everywhere and do nothing.</summary>
    static readonly HashSet<string> Telling =
        ["cgroup.cpu", "cgroup.memory", "limit.address space", "limit.cpu time", "limit.data size", "limit.locked memory", "limit.open files", "limit.processes", "limit.resident set", "limit.stack size"];

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            FactDifference[] differences = [.. FactDifference.Of(result.Environments)];
            string[] limits = Told(differences.Where(one => Telling.Contains(one.Name)).Select(one => $"{one.Name} ({Values(result, one)})"));
            if (limits.Length > 0)
            {
                yield return new Threat(
                    "other-limits", ThreatSeverity.Doubt, session.Name(result),
                    "Environments have other limits of resources: a difference may be that of the limits.", string.Join("; ", limits));
            }

            string[] variables = Told(differences.Where(one => one.Name.StartsWith("variable.", StringComparison.Ordinal) && IsTelling(one.Name["variable.".Length..]))
                .Select(one => $"{one.Name["variable.".Length..]} ({(one.Values.Count == 1 ? "only " + one.Values.Keys.First() : "differs")})"));
            if (variables.Length > 0)
            {
                yield return new Threat(
                    "other-variables", ThreatSeverity.Note, session.Name(result),
                    "Environments have other variables, each as its own users would: where the program heeds one of them, a difference may come from that.", string.Join(", ", variables));
            }
        }
    }

    static bool IsTelling(string variable) => !Usual.Contains(variable) && !variable.StartsWith("XDG_", StringComparison.Ordinal) && !variable.StartsWith("SSH_", StringComparison.Ordinal);

    static string[] Told(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length <= Most ? all : [.. all.Take(Most), $"and {all.Length - Most} more"];
    }

    static string Values(BenchResult result, FactDifference difference) =>
        string.Join(", ", result.Environments.Where(arm => arm.Facts.Keys.Any(name => name.StartsWith("limit.", StringComparison.Ordinal) || name.StartsWith("cgroup.", StringComparison.Ordinal))).GroupBy(arm => difference.Values.GetValueOrDefault(arm.Name, "none")).Select(group => $"{string.Join(" and ", group.Select(arm => arm.Name))} {group.Key}"));
}
