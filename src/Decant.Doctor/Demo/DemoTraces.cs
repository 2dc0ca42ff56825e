using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What the host has before and after, as far as the demo's own runs could have changed it: other programs go on meanwhile.</summary>
sealed class DemoTraces
{
    readonly IReadOnlyList<MountInfo> mounts = MountInfo.ReadSelf();

    public int MountCount => mounts.Count;

    /// <summary>Mounts that came since then and show anything below a directory; what other programs mount meanwhile is theirs.</summary>
    public List<string> NewMounts(string directory) =>
        [.. MountInfo.ReadSelf()
            .Where(mount => !mounts.Any(old => old.Id == mount.Id && old.MountPoint == mount.MountPoint))
            .Where(mount => mount.MountPoint.StartsWith(directory, StringComparison.Ordinal) || mount.SuperOptions.Any(option => option.Contains(directory, StringComparison.Ordinal)))
            .Select(mount => mount.MountPoint)];

    /// <summary>What a user's runs left in the temporary directory and the home that they were given, and in the store where work in progress is.</summary>
    public static List<string> Files(DemoUser user) =>
        [.. new[] { user.Temporary, user.Home, user.Store + "/tmp", user.Store + "/runs" }
            .Where(Directory.Exists).SelectMany(Directory.EnumerateFileSystemEntries)];

    /// <summary>Processes that run in, from, or with a store in a directory.</summary>
    public static List<string> Processes(string directory)
    {
        List<string> found = [];
        foreach (string entry in Directory.EnumerateDirectories("/proc"))
        {
            string id = Path.GetFileName(entry);
            if (!char.IsAsciiDigit(id[0]) || id == Libc.GetProcessId().ToString())
                continue;
            bool ours = LinuxFile.TryReadAll(null, $"{entry}/environ", out byte[] environment) == Errno.None
                && PathBytes.Decode(environment).Contains($"DECANT_ROOT={directory}", StringComparison.Ordinal);
            foreach (string link in (ReadOnlySpan<string>)["root", "cwd", "exe"])
                ours |= LinuxFile.TryReadLink(null, $"{entry}/{link}", out string? target) == Errno.None && target!.StartsWith(directory, StringComparison.Ordinal);
            if (ours)
                found.Add(id);
        }

        return found;
    }
}
