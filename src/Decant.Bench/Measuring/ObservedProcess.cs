using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A process as /proc shows it while it runs: what really started, and in which surroundings (proc(5)).</summary>
/// <param name="Arguments">Its command line.</param>
/// <param name="Executable">As the process's own root has it.</param>
/// <param name="Variables">NAME=VALUE, as it was started with.</param>
/// <param name="Facts">Namespaces, limits, capabilities, seccomp and more by name, for the diff between environments.</param>
/// <param name="Mounts">As the process sees them.</param>
public sealed record ObservedProcess(
    int Pid, ImmutableArray<string> Arguments, string Executable, ImmutableArray<string> Variables, ImmutableSortedDictionary<string, string> Facts,
    IReadOnlyList<MountInfo> Mounts)
{
    static readonly string[] NamespaceNames = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

    static readonly string[] StatusFields = ["CapEff", "CapBnd", "Seccomp", "NoNewPrivs", "Cpus_allowed_list", "Uid", "Gid"];

    /// <summary>Null where the process has ended, may not be looked at, or is another one.</summary>
    /// <param name="command">Looked for; null for any.</param>
    public static ObservedProcess? TryRead(int pid, ImmutableArray<string>? command = null)
    {
        string proc = $"/proc/{pid}";
        if (KernelText.TryRead(proc + "/cmdline") is not { Length: > 0 } line || (command is { } wanted && !Runs(Strings(line), wanted)) || LinuxFile.TryReadLink(null, proc + "/exe", out string? executable) != Errno.None
            || KernelText.TryRead(proc + "/environ") is not { } variables || LinuxFile.TryReadAll(null, proc + "/mountinfo", out byte[] mounts) != Errno.None
            || KernelText.TryRead(proc + "/status") is not { } status || KernelText.TryRead(proc + "/limits") is not { } limits)
            return null;
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string name in NamespaceNames)
        {
            if (LinuxFile.TryReadLink(null, $"{proc}/ns/{name}", out string? other) == Errno.None && LinuxFile.TryReadLink(null, $"/proc/self/ns/{name}", out string? own) == Errno.None)
                facts["namespace." + name] = other == own ? "the host's" : "its own";
        }

        foreach (string row in status.Split('\n'))
        {
            if (row.Split(':', 2) is [var name, var value] && Array.IndexOf(StatusFields, name) >= 0)
                facts["status." + name] = value.Trim().Replace('\t', ' ');
        }

        AddLimits(facts, limits);
        if (LinuxFile.TryStatus(null, proc + "/exe", follow: true, out FileStatus program) == Errno.None)
            facts["executable.bytes"] = program.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (LinuxFile.TryReadLink(null, proc + "/cwd", out string? directory) == Errno.None)
            facts["directory"] = directory!;
        if (KernelText.TryRead(proc + "/attr/current")?.Trim('\0', '\n') is { Length: > 0 } label)
            facts["security"] = label;
        return new ObservedProcess(pid, Strings(line), executable!, Strings(variables), facts.ToImmutable(), MountInfo.Parse(mounts));
    }

    /// <summary>The same with what its cgroups allow it, which takes a hundred files to read.</summary>
    public ObservedProcess WithCgroupLimits() => this with { Facts = Facts.SetItems(CgroupLimits.Of(Pid).Select(limit => KeyValuePair.Create(limit.Name, limit.Value))) };

    /// <summary>Whether it runs the same program with the same arguments now as when it was read.</summary>
    public bool IsStillTheSame() => KernelText.TryRead($"/proc/{Pid}/cmdline") is { } line && Strings(line).SequenceEqual(Arguments);

    /// <summary>The declared command's process: its last arguments are those of the command, whatever interpreter a script put before them.</summary>
    internal static bool Runs(ImmutableArray<string> arguments, ImmutableArray<string> command)
    {
        int extra = arguments.Length - command.Length;
        // A "#!" line gives two words at most; a launcher that waits, such as decant run IMAGE, has three.
        if (extra is < 0 or > 2)
            return false;
        for (int i = 1; i < command.Length; i++)
        {
            if (arguments[extra + i] != command[i])
                return false;
        }

        return LinuxPath.Name(arguments[extra]) == LinuxPath.Name(command[0]);
    }

    /// <param name="text">A heading, and lines of a name in 26 columns, the soft and the hard limit in 21 each, and the unit.</param>
    static void AddLimits(ImmutableSortedDictionary<string, string>.Builder facts, string text)
    {
        foreach (string row in text.Split('\n').Skip(1))
        {
            if (row.Length < 47)
                continue;
            facts["limit." + row[..26].Trim()["Max ".Length..]] = row[26..47].Trim();
        }
    }

    static ImmutableArray<string> Strings(string zeroEnded) => [.. zeroEnded.TrimEnd('\0').Split('\0')];
}
