using System.Globalization;
using System.Text;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch;

/// <summary>A value to be written to a file of a cgroup; an empty file name only makes the directory.</summary>
public sealed record CgroupSetting(string Directory, string File, string Value);

/// <summary>
/// The cgroup of one run with --memory or --cpus: one directory in the version 2 hierarchy, or one per controller of version 1
/// (also on hybrid hosts, which keep version 2 beside it without controllers). It ends with the run, and so does all in it.
/// </summary>
public sealed class RunCgroup
{
    /// <summary>Microseconds of the period in which a share of CPU time is counted; the kernel's and docker's default.</summary>
    const long PeriodMicroseconds = 100_000;

    RunCgroup(string name, IReadOnlyList<string> directories, IReadOnlyList<CgroupSetting> settings, string limits)
    {
        Name = name;
        Directories = directories;
        Settings = settings;
        Limits = limits;
    }

    /// <summary>Of each directory: decant- and this process's number.</summary>
    public string Name { get; }

    /// <summary>Each to be joined; absolute.</summary>
    public IReadOnlyList<string> Directories { get; }

    public IReadOnlyList<CgroupSetting> Settings { get; }

    string Limits { get; }

    /// <summary>docker's least limit.</summary>
    const long LeastMemoryBytes = 6 << 20;

    public string Describe() => $"a cgroup with {Limits} ({string.Join(", ", Directories)})";

    /// <summary>Decides where the cgroup will be. Nothing is made yet.</summary>
    /// <param name="memoryBytes">Null for no limit.</param>
    /// <param name="cpus">CPUs' worth of time; null for no limit.</param>
    /// <exception cref="DecantException">No hierarchy lets this caller limit that.</exception>
    public static RunCgroup Plan(long? memoryBytes, double? cpus)
    {
        if (memoryBytes < LeastMemoryBytes)
            throw new DecantException($"no program starts within {memoryBytes} bytes of memory", $"give --memory {LeastMemoryBytes >> 20}m or more");
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles());
        string name = $"decant-{Libc.GetProcessId()}";
        List<string> directories = [];
        List<CgroupSetting> settings = [];
        List<string> version2 = [];
        List<string> limits = [];
        void Limit(string controller, string text, CgroupSetting[] version1, CgroupSetting[] unified)
        {
            limits.Add(text);
            CgroupPlace? parent = facts.Places.FirstOrDefault(place => place.Version == 1 && place.Controllers.Contains(controller));
            if (parent is null)
            {
                version2.Add(controller);
                settings.AddRange(unified);
                return;
            }

            if (!parent.Writable)
                throw new DecantException($"no permission to make a cgroup in {parent.Directory}", "run as root, or without --memory and --cpus");
            string directory = $"{parent.Directory}/{name}";
            directories.Add(directory);
            settings.Add(new CgroupSetting(directory, "", ""));
            foreach (CgroupSetting setting in version1)
                settings.Add(setting with { Directory = directory });
        }

        if (memoryBytes is { } bytes)
        {
            string value = bytes.ToString(CultureInfo.InvariantCulture);
            Limit("memory", $"{bytes} bytes of memory", [new("", "memory.limit_in_bytes", value)], [new("", "memory.max", value)]);
        }

        if (cpus is { } count)
        {
            long quota = Math.Max(1000, (long)Math.Round(count * PeriodMicroseconds));
            Limit("cpu", $"{count.ToString(CultureInfo.InvariantCulture)} CPUs",
                [new("", "cpu.cfs_period_us", PeriodMicroseconds.ToString()), new("", "cpu.cfs_quota_us", quota.ToString())],
                [new("", "cpu.max", $"{quota} {PeriodMicroseconds}")]);
        }

        if (version2.Count > 0)
        {
            string directory = Unified(facts, version2, settings) + "/" + name;
            directories.Add(directory);
            int made = settings.FindIndex(setting => setting.Directory.Length == 0);
            settings.Insert(made, new CgroupSetting(directory, "", ""));
            for (int i = 0; i < settings.Count; i++)
            {
                if (settings[i].Directory.Length == 0)
                    settings[i] = settings[i] with { Directory = directory };
            }
        }

        return new RunCgroup(name, directories, settings, string.Join(" and ", limits));
    }

    static string Unified(CgroupFacts facts, List<string> controllers, List<CgroupSetting> settings)
    {
        CgroupPlace own = facts.Places.FirstOrDefault(place => place.Version == 2)
            ?? throw new DecantException($"this host has no cgroup hierarchy with the controllers {string.Join(", ", controllers)}", "run without --memory and --cpus");
        CgroupPlace parent = facts.For(controllers) ?? throw new DecantException(
            $"no cgroup above {own.Directory} delegates {string.Join(" and ", controllers)} to this user",
            $"start decant in a delegated cgroup: systemd-run --user --scope -p Delegate=yes decant …; or run as root");
        if (!parent.Delegates)
            settings.Insert(0, new CgroupSetting(parent.Directory, "cgroup.subtree_control", "+" + string.Join(" +", controllers)));
        return parent.Directory;
    }

    /// <summary>The directories carry this process's number, so one that is there was left by a crash of the machine's and is ours to refuse.</summary>
    public void CheckAbsent()
    {
        foreach (string directory in Directories)
        {
            if (LinuxFile.Exists(directory))
                throw new DecantException($"the cgroup {directory} exists already", $"rmdir {directory}");
        }
    }

    /// <summary>Makes the directories and writes the limits.</summary>
    public void Create()
    {
        foreach (CgroupSetting setting in Settings)
        {
            if (setting.File.Length == 0)
                LinuxFile.MakeDirectory(null, setting.Directory, 0x1ED);
            else
                Write($"{setting.Directory}/{setting.File}", setting.Value);
        }
    }

    static void Write(string path, string value)
    {
        using SafeFileHandle file = LinuxFile.Open(path, OpenFlags.WriteOnly);
        Errno errno = LinuxFile.TryWrite(file, Encoding.UTF8.GetBytes(value));
        if (errno != Errno.None)
            throw new LinuxException($"write {value} to", path, errno);
    }
}
