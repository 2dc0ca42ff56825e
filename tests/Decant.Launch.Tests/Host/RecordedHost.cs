namespace Decant.Launch.Tests;

/// <summary>A directory with the files of another host, as its kernel and distribution write them; removed at the end.</summary>
public sealed class RecordedHost : IDisposable
{
    const string CgroupMount = "rw,nosuid,nodev,noexec,relatime";

    public string Root { get; } = Directory.CreateTempSubdirectory("decant-host-").FullName;

    public HostFiles Files => new(Root);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public RecordedHost With(string path, string text)
    {
        string file = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    RecordedHost Base(string release, string? maximum, string filesystems = "nodev\tproc\nnodev\ttmpfs\n\text4\nnodev\toverlay\n")
    {
        With("/proc/sys/kernel/osrelease", release + "\n");
        With("/proc/filesystems", filesystems);
        With("/proc/self/ns/user", "");
        With("/proc/self/uid_map", "         0          0 4294967295\n");
        With("/proc/self/status", "Name:\tdecant\nUmask:\t0022\nSeccomp:\t0\nSeccomp_filters:\t0\n");
        if (maximum is not null)
            With("/proc/sys/user/max_user_namespaces", maximum + "\n");
        return this;
    }

    RecordedHost Mounts(string cgroups) => With("/proc/self/mountinfo",
        "22 27 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw\n27 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n" + cgroups);

    RecordedHost Unified(string path, string controllers)
    {
        Mounts($"35 26 0:30 / /sys/fs/cgroup {CgroupMount} shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n");
        With("/proc/self/cgroup", $"0::{path}\n");
        // What a cgroup has is what the one above hands out.
        for (int end = path.LastIndexOf('/'); path.Length > 1 && end >= 0; end = end == 0 ? -1 : path.LastIndexOf('/', end - 1))
            With($"/sys/fs/cgroup{path[..end]}/cgroup.subtree_control", controllers + "\n");
        With("/sys/fs/cgroup/cgroup.controllers", controllers + "\n");
        return With($"/sys/fs/cgroup{path}/cgroup.controllers", controllers + "\n");
    }

    /// <summary>A desktop or server of 24.04: AppArmor lets no unconfined program use a user namespace.</summary>
    public static RecordedHost Ubuntu2404(string profile = "unconfined") => new RecordedHost().Base("6.8.0-45-generic", "127235")
        .Unified("/user.slice/user-1000.slice/session-2.scope", "cpu memory pids")
        .With("/proc/sys/kernel/unprivileged_userns_clone", "1\n")
        .With("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n")
        .With("/proc/self/attr/current", profile + "\n").With("/proc/self/attr/apparmor/current", profile + "\n")
        .With("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann:/home/ann:/bin/bash\n")
        .With("/etc/subuid", "ann:100000:65536\n").With("/etc/subgid", "ann:100000:65536\n");

    /// <summary>RHEL 8: kernel 4.18, version 1 cgroups without a version 2 hierarchy.</summary>
    public static RecordedHost Rhel8(string maximum = "62988") => new RecordedHost().Base("4.18.0-553.el8_10.x86_64", maximum)
        .Mounts(V1("systemd", "name=systemd", 30) + V1("memory", "memory", 31) + V1("cpu,cpuacct", "cpu,cpuacct", 32))
        .With("/proc/self/cgroup", "11:memory:/user.slice\n5:cpu,cpuacct:/user.slice\n1:name=systemd:/user.slice/user-1000.slice/session-1.scope\n")
        .With("/etc/passwd", "ann:x:1000:1000::/home/ann:/bin/bash\n");

    /// <summary>Debian 12 as installed.</summary>
    public static RecordedHost Debian12() => new RecordedHost().Base("6.1.0-25-amd64", "63417")
        .Unified("/user.slice/user-1000.slice/user@1000.service/app.slice/run-r1.scope", "cpu memory pids")
        .With("/proc/sys/kernel/unprivileged_userns_clone", "1\n")
        .With("/etc/passwd", "ann:x:1000:1000::/home/ann:/bin/bash\n");

    /// <summary>Controllers in version 1, version 2 beside them at unified/.</summary>
    public static RecordedHost Hybrid() => new RecordedHost().Base("5.4.0-190-generic", "127235")
        .Mounts(V1("memory", "memory", 31) + V1("cpu", "cpu", 32) + V1("systemd", "name=systemd", 33) + $"40 30 0:37 / /sys/fs/cgroup/unified {CgroupMount} - cgroup2 cgroup2 rw\n")
        .With("/proc/self/cgroup", "9:name=systemd:/\n4:memory:/job/1\n1:cpu:/\n0::/\n")
        .With("/sys/fs/cgroup/unified/cgroup.controllers", "\n");

    /// <summary>WSL 1 translates system calls.</summary>
    public static RecordedHost Wsl1()
    {
        RecordedHost host = new RecordedHost().Base("4.4.0-19041-Microsoft", null, "nodev\tproc\nnodev\ttmpfs\n").Mounts("");
        File.Delete(host.Root + "/proc/self/ns/user");
        return host;
    }

    /// <summary>WSL 2 is a Linux kernel.</summary>
    public static RecordedHost Wsl2() => new RecordedHost().Base("5.15.153.1-microsoft-standard-WSL2", "63000")
        .Unified("/", "cpuset cpu io memory hugetlb pids rdma");

    /// <summary>Inside docker run without options: a seccomp filter, and a cgroup namespace.</summary>
    public static RecordedHost DockerContainer() => new RecordedHost().Base("6.1.0-25-amd64", "63417").Unified("/", "cpu memory pids")
        .With("/proc/self/status", "Name:\tdecant\nSeccomp:\t2\nSeccomp_filters:\t1\n");

    static string V1(string directory, string options, int id) =>
        $"{id} 30 0:{id} / /sys/fs/cgroup/{directory} {CgroupMount} shared:10 - cgroup cgroup rw,{options}\n";
}
