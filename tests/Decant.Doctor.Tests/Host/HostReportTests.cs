using Decant.Devices;
using Decant.Launch;
using Decant.Launch.Tests;
using Decant.Linux;

namespace Decant.Doctor.Tests;

public sealed class HostReportTests
{
    static readonly GpuDevices NoGpus = new() { Nodes = [] };

    static HostProbes Probes(RecordedHost host, uint user = 1000, Func<string, bool>? mayWrite = null) => new()
    {
        Files = new HostFiles(host.Root, mayWrite ?? (_ => true)),
        UserId = user,
        Kernel = Kernel(host.Files.Text("/proc/sys/kernel/osrelease")!.Trim()),
        Gpus = NoGpus,
        StoreRoot = host.Root + "/store",
        DecantPath = "/usr/local/bin/decant",
    };

    /// <summary>As the releases of kernel.org have them.</summary>
    static KernelFeatures Kernel(string text)
    {
        KernelRelease release = KernelRelease.Parse(text);
        return new KernelFeatures
        {
            Release = release,
            OpenAt2 = release.IsAtLeast(5, 6),
            MountDescriptors = release.IsAtLeast(5, 2),
            MountSetattr = release.IsAtLeast(5, 12),
            PidFd = release.IsAtLeast(5, 3),
            CloseRange = release.IsAtLeast(5, 9),
        };
    }

    static HostCheck Find(HostProbes probes, string id) => Assert.Single(HostReport.Collect(probes).Checks, check => check.Id == id);

    static string[] NotOk(HostProbes probes) => [.. HostReport.Collect(probes).Checks.Where(check => check.Status != HostStatus.Ok).Select(check => $"{check.Id} {check.Status}")];

    [Fact]
    public void Ubuntu_2404_misses_user_namespaces_and_cgroups_of_its_own()
    {
        using RecordedHost host = RecordedHost.Ubuntu2404()
            .With("/usr/bin/newuidmap", "").With("/usr/bin/newgidmap", "");
        File.SetUnixFileMode(host.Root + "/usr/bin/newuidmap", UnixFileMode.SetUser | UnixFileMode.UserExecute);
        File.SetUnixFileMode(host.Root + "/usr/bin/newgidmap", UnixFileMode.SetUser | UnixFileMode.UserExecute);
        HostProbes probes = Probes(host, mayWrite: directory => !directory.StartsWith("/sys", StringComparison.Ordinal));
        Assert.Equal(["user-namespaces Missing", "cgroups Limited"], NotOk(probes));
        Assert.Contains("apparmor_parser -r", Find(probes, "user-namespaces").Fix);
        Assert.Contains("systemd-run --user --scope -p Delegate=yes", Find(probes, "cgroups").Fix);
        Assert.Equal("65536 users and 65536 groups for ann", Find(probes, "subordinate-ids").Detail);
    }

    [Fact]
    public void Ubuntu_2404_limits_root_only_in_what_others_may_do()
    {
        using RecordedHost host = RecordedHost.Ubuntu2404();
        HostProbes probes = Probes(host, user: 0);
        Assert.Equal(["user-namespaces Limited"], NotOk(probes));
        Assert.Equal("only root can run images", Find(probes, "user-namespaces").Consequence);
    }

    [Fact]
    public void Rhel_8_is_too_old_for_safe_path_lookup_and_for_overlays_of_users()
    {
        using RecordedHost host = RecordedHost.Rhel8();
        Assert.Equal(
            ["kernel-openat2 Missing", "kernel-mount-descriptors Missing", "kernel-mount-setattr Limited", "kernel-pidfd Limited", "kernel-tmpfs-xattrs Limited", "overlay Limited", "subordinate-ids Limited"],
            NotOk(Probes(host)));
    }

    [Fact]
    public void Debian_12_lacks_ranges_until_they_are_given()
    {
        using RecordedHost host = RecordedHost.Debian12();
        HostProbes probes = Probes(host);
        Assert.Equal(["kernel-tmpfs-xattrs Limited", "subordinate-ids Limited"], NotOk(probes));
        Assert.Contains("usermod --add-subuids", Find(probes, "subordinate-ids").Fix);
        host.With("/etc/subuid", "ann:100000:65536\n").With("/etc/subgid", "ann:100000:65536\n");
        Assert.Equal("newuidmap is not installed", Find(probes, "subordinate-ids").Detail);
        host.With("/usr/bin/newuidmap", "");
        Assert.Contains("setcap cap_setuid=ep /usr/bin/newuidmap", Find(probes, "subordinate-ids").Fix);
    }

    [Fact]
    public void Both_Windows_subsystems_are_judged()
    {
        using RecordedHost first = RecordedHost.Wsl1();
        HostCheck kernel = Find(Probes(first), "kernel");
        Assert.Equal(HostStatus.Missing, kernel.Status);
        Assert.Contains("wsl --set-version", kernel.Fix);
        Assert.Equal(HostStatus.Missing, Find(Probes(first), "user-namespaces").Status);

        using RecordedHost second = RecordedHost.Wsl2();
        Assert.Equal(HostStatus.Ok, Find(Probes(second), "kernel").Status);
        Assert.Equal(HostStatus.Ok, Find(Probes(second), "user-namespaces").Status);
    }

    [Fact]
    public void What_was_tried_counts_more_than_what_the_settings_say()
    {
        using RecordedHost host = RecordedHost.DockerContainer();
        HostProbes probes = Probes(host);
        Assert.Equal(HostStatus.Ok, Find(probes, "user-namespaces").Status);
        HostCheck tried = Find(probes with { TryUserNamespace = () => Errno.EPERM }, "user-namespaces");
        Assert.Equal(HostStatus.Missing, tried.Status);
        Assert.Contains("seccomp=unconfined", tried.Fix);

        Assert.Equal(HostStatus.Ok, Find(probes with { TryOverlay = () => Errno.None }, "overlay").Status);
        HostCheck overlay = Find(probes with { TryOverlay = () => Errno.EINVAL }, "overlay");
        Assert.Equal(HostStatus.Missing, overlay.Status);
        Assert.Contains("--read-only", overlay.Fix);
    }

    [Fact]
    public void Version_1_cgroups_are_for_root()
    {
        using RecordedHost host = RecordedHost.Hybrid();
        Assert.Equal(HostStatus.Ok, Find(Probes(host, user: 0), "cgroups").Status);
        HostCheck closed = Find(Probes(host, mayWrite: _ => false), "cgroups");
        Assert.Equal(HostStatus.Limited, closed.Status);
        Assert.Contains("systemd.unified_cgroup_hierarchy=1", closed.Fix);
    }

    [Fact]
    public void A_broken_file_is_a_finding_and_hides_no_other()
    {
        using RecordedHost host = RecordedHost.Debian12().With("/etc/subuid", "ann:1\n");
        HostReport report = HostReport.Collect(Probes(host));
        HostCheck broken = Assert.Single(report.Checks, check => check.Id == "subordinate-ids");
        Assert.Equal(HostStatus.Missing, broken.Status);
        Assert.Contains("/etc/subuid line 1", broken.Detail);
        Assert.Equal(HostStatus.Missing, report.Status);
        Assert.Contains(report.Checks, check => check.Id == "gpus");
    }

    [Fact]
    public void A_store_on_a_file_system_with_restrictions_is_explained_and_nothing_stays_behind()
    {
        using RecordedHost host = RecordedHost.Debian12();
        string store = Directory.CreateDirectory(host.Root + "/mounted").FullName;
        HostProbes probes = Probes(host) with { StoreRoot = store + "/decant" };
        Assert.Equal(HostStatus.Ok, Find(probes, "store").Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(store));

        Mount("-t", "tmpfs", "-o", "noexec,size=16k", "tmpfs", store);
        try
        {
            HostCheck check = Find(probes, "store");
            Assert.Equal(HostStatus.Limited, check.Status);
            Assert.Contains("on tmpfs", check.Detail);
            Assert.Contains("without overlayfs", check.Consequence);
            Assert.Contains($"remount,exec {store}", check.Fix);
            Mount("-o", "remount,exec,nosuid", store);
            Assert.Contains("setuid", Find(probes, "store").Consequence);
            Mount("-o", "remount,suid", store);
            Assert.Equal((HostStatus.Limited, "a large image does not fit"), (Find(probes, "store").Status, Find(probes, "store").Consequence));
            Mount("-o", "remount,ro", store);
            Assert.Equal("nothing can be pulled", Find(probes, "store").Consequence);
        }
        finally
        {
            System.Diagnostics.Process.Start("umount", [store]).WaitForExit();
        }
    }

    static void Mount(params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start("mount", arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void Gpus_are_judged_by_what_a_program_would_open()
    {
        using RecordedHost host = RecordedHost.Debian12();
        GpuNode Node(string path, bool usable = true) => new(path, GpuNode.KindOf(path)!.Value, true, usable);
        GpuDevices whole = new()
        {
            Nodes = [Node("/dev/nvidia-uvm"), Node("/dev/nvidia0"), Node("/dev/nvidia1"), Node("/dev/nvidiactl")],
            NvidiaDriver = NvidiaDriver.Parse("580.159.04"),
            NvidiaGpus = [new NvidiaGpu("NVIDIA H100 80GB HBM3", null, "0000:00:06.0", 0), new NvidiaGpu("NVIDIA H100 80GB HBM3", null, "0000:00:07.0", 1)],
        };
        HostCheck Judge(GpuDevices gpus, string id) => Find(Probes(host) with { Gpus = gpus }, id);

        Assert.Equal("2 × NVIDIA H100 80GB HBM3, driver 580.159.04, CUDA 13.0", Judge(whole, "gpu-nvidia").Detail);
        Assert.Equal(HostStatus.Ok, Judge(whole, "gpu-nvidia").Status);
        Assert.Contains("absent: /dev/nvidia-uvm", Judge(whole with { Nodes = [.. whole.Nodes.Skip(1)] }, "gpu-nvidia").Detail);
        Assert.Contains("modprobe nvidia", Judge(whole with { NvidiaDriver = null }, "gpu-nvidia").Fix);
        HostCheck closed = Judge(whole with { Nodes = [.. whole.Nodes.Take(3), Node("/dev/nvidiactl", usable: false)] }, "gpu-nvidia");
        Assert.Equal((HostStatus.Limited, true), (closed.Status, closed.Detail.Contains("closed to you: /dev/nvidiactl")));
        Assert.Equal(HostStatus.Ok, Judge(new GpuDevices { Nodes = [Node("/dev/dri/renderD128"), Node("/dev/kfd")] }, "gpu-amd").Status);
        HostGpu radeon = new(GpuVendor.Amd, "AMD Radeon", ["/dev/dri/renderD128"]);
        HostCheck drawing = Judge(new GpuDevices { Nodes = [Node("/dev/dri/renderD128"), Node("/dev/dri/renderD129", usable: false)], Gpus = [radeon] }, "gpu-amd");
        Assert.Equal((HostStatus.Limited, "/dev/dri/renderD128; absent: /dev/kfd", "0: AMD Radeon, /dev/dri/renderD128"), (drawing.Status, drawing.Detail, Assert.Single(drawing.Items)));
        Assert.Equal("none", Judge(NoGpus, "gpus").Detail);

        HostGpu own = new(GpuVendor.Nvidia, "NVIDIA H100", ["/dev/nvidia0"]) { Uuid = "GPU-1", MemoryBytes = 80L << 30, Architecture = "compute capability 9.0", Parts = [new NvidiaMigDevice(0, 1, 0, []), new NvidiaMigDevice(0, 2, 0, [])] };
        HostGpu intel = new(GpuVendor.Intel, "Intel GPU 0x56c0", ["/dev/dri/renderD129"]) { SharesHostMemory = true };
        GpuDevices both = whole with { Gpus = [own, intel], Nodes = [.. whole.Nodes, Node("/dev/dri/renderD129", usable: false)] };
        Assert.Equal(["0: NVIDIA H100, GPU-1, 81920 MiB, compute capability 9.0, divided into 2 (MIG), /dev/nvidia0"], Judge(both, "gpu-nvidia").Items);
        Assert.Equal(["1: Intel GPU 0x56c0, the host's memory, /dev/dri/renderD129"], Judge(both, "gpu-intel").Items);
        Assert.Equal(HostStatus.Limited, Judge(both, "gpu-intel").Status);
        Assert.Contains("Jetson Linux R36.4.0", Judge(NoGpus with { Tegra = new NvidiaTegra("Orin", "R36.4.0") }, "gpu-nvidia").Detail);
        Assert.Contains("closed to you: /dev/dxg", Judge(new GpuDevices { Nodes = [Node("/dev/dxg", usable: false)] }, "gpu-nvidia").Detail);
    }

    [Fact]
    public void This_host_is_judged_and_every_finding_says_what_follows()
    {
        using RecordedHost directory = new();
        HostReport report = HostReport.Collect(HostProbes.ThisHost(directory.Root, null, null));
        Assert.Equal(report.Checks.Count, report.Checks.Select(check => check.Id).Distinct().Count());
        Assert.All(report.Checks, check => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", check.Id));
        Assert.All(report.Checks, check => Assert.Equal(check.Status == HostStatus.Ok, check.Consequence is null));
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Detail));
    }
}
