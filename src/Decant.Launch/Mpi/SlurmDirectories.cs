using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// The directory that Slurm makes on each node for the PMIx clients of a step (src/plugins/mpi/pmix): no variable names it, but its name
/// is known, and where it lies is TmpFS of slurm.conf(5).
/// </summary>
static class SlurmDirectories
{
    /// <summary>Those of its names that are there; newer releases put the user in front.</summary>
    /// <param name="values">decant's own variables.</param>
    public static IEnumerable<string> OfStep(Dictionary<string, string> values)
    {
        if (!values.TryGetValue("SLURM_JOB_ID", out string? job) || !values.TryGetValue("SLURM_STEP_ID", out string? step))
            yield break;
        foreach (string? parent in (string?[])[TmpFs(values), values.GetValueOrDefault("TMPDIR"), "/tmp"])
        {
            if (parent is not ['/', ..])
                continue;
            foreach (string path in (string[])[$"{parent}/spmix_appdir_{Libc.GetEffectiveUserId()}_{job}.{step}", $"{parent}/spmix_appdir_{job}.{step}"])
            {
                if (IsOfSlurm(path))
                    yield return path;
            }
        }
    }

    /// <summary>In a directory that all may write to, anybody may have made something of this name.</summary>
    static bool IsOfSlurm(string path) =>
        LinuxFile.TryStatus(null, path, follow: false, out FileStatus status) == Errno.None && status.IsDirectory
        && (status.Owner == 0 || status.Owner == Libc.GetEffectiveUserId());

    /// <summary>The last word counts, with %n and %h as the node's name; null where the file says nothing.</summary>
    static string? TmpFs(Dictionary<string, string> values)
    {
        const string key = "TmpFS=";
        string? found = null;
        string text = KernelText.TryRead(values.GetValueOrDefault("SLURM_CONF", "/etc/slurm/slurm.conf")) ?? "";
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim();
            if (trimmed.StartsWith(key, StringComparison.OrdinalIgnoreCase))
                found = trimmed[key.Length..].Split((char[])[' ', '\t', '#'])[0];
        }

        string node = values.GetValueOrDefault("SLURMD_NODENAME", "");
        return found?.Replace("%n", node, StringComparison.Ordinal).Replace("%h", node, StringComparison.Ordinal);
    }
}
