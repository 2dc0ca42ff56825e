using CsCheck;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class HostFactsTests
{
    [Theory]
    [InlineData("6.8.0-45-generic", 6, 8)]
    [InlineData("4.18.0-553.el8_10.x86_64", 4, 18)]
    [InlineData("6.12-rc1", 6, 12)]
    [InlineData("6", 6, 0)]
    [InlineData("", 0, 0)]
    public void A_kernel_release_is_read(string text, int major, int minor)
    {
        KernelRelease release = KernelRelease.Parse(text);
        Assert.Equal((major, minor), (release.Major, release.Minor));
        Assert.True(release.IsAtLeast(major, minor));
        Assert.False(release.IsAtLeast(major, minor + 1));
    }

    [Fact]
    public void Both_generations_of_the_Windows_subsystem_are_told_apart()
    {
        Assert.True(KernelRelease.Parse("4.4.0-19041-Microsoft").IsWindowsSubsystem1);
        KernelRelease second = KernelRelease.Parse("5.15.153.1-microsoft-standard-WSL2");
        Assert.Equal((true, false), (second.IsWindowsSubsystem, second.IsWindowsSubsystem1));
    }

    [Fact]
    public void Subordinate_ranges_go_by_name_and_by_number()
    {
        const string Text = "root:500000:1000\nann:100000:65536\n1000:300000:10\nannabel:1:1\nann:400000:0\n";
        Assert.Equal([new SubordinateRange(100000, 65536), new SubordinateRange(300000, 10)], SubordinateIds.Parse(Text, "/etc/subuid", "ann", 1000));
        Assert.Empty(SubordinateIds.Parse(Text, "/etc/subuid", "bob", 1001));
    }

    [Theory]
    [InlineData("ann:100000\n")]
    [InlineData("ann:x:65536\n")]
    [InlineData("ann:4294967295:2\n")]
    public void A_broken_line_of_the_user_is_named(string line)
    {
        DecantException e = Assert.Throws<DecantException>(() => SubordinateIds.Parse("root:1:1\n" + line, "/etc/subuid", "ann", 1000));
        Assert.StartsWith("/etc/subuid line 2 is not OWNER:START:COUNT", e.Message);
        Assert.NotNull(e.Fix);
    }

    [Fact]
    public void Subordinate_ranges_of_any_text_are_read_or_refused() => Gen.String.Sample(text =>
    {
        try
        {
            SubordinateIds.Parse(text, "/etc/subuid", "ann", 1000);
        }
        catch (DecantException)
        {
        }
    });

    [Fact]
    public void A_mapping_tool_needs_its_privilege()
    {
        using RecordedHost host = RecordedHost.Debian12().With("/usr/bin/newuidmap", "");
        Assert.Equal(new MappingTool("newuidmap", "/usr/bin/newuidmap", false), MappingTool.Find("newuidmap", host.Files));
        File.SetUnixFileMode(host.Root + "/usr/bin/newuidmap", UnixFileMode.SetUser | UnixFileMode.UserExecute);
        Assert.True(MappingTool.Find("newuidmap", host.Files).Privileged);
        Assert.Null(MappingTool.Find("newgidmap", host.Files).Path);
    }

    [Fact]
    public void A_unified_hierarchy_is_read()
    {
        using RecordedHost host = RecordedHost.Debian12();
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles(host.Root, directory => directory.Contains("user@1000")));
        Assert.Equal(CgroupLayout.Unified, facts.Layout);
        Assert.Equal("/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice", facts.For("memory", "cpu")?.Directory);
        Assert.Null(facts.For("io"));
    }

    [Fact]
    public void Version_1_alone_is_read()
    {
        using RecordedHost host = RecordedHost.Rhel8();
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles(host.Root, _ => true));
        Assert.Equal(CgroupLayout.Legacy, facts.Layout);
        Assert.Equal("/sys/fs/cgroup/memory/user.slice", facts.For("memory")?.Directory);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct/user.slice", facts.For("cpu")?.Directory);
    }

    [Fact]
    public void A_hybrid_of_both_versions_is_read()
    {
        using RecordedHost host = RecordedHost.Hybrid();
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles(host.Root, _ => true));
        Assert.Equal(CgroupLayout.Hybrid, facts.Layout);
        Assert.Equal((1, "/sys/fs/cgroup/memory/job/1"), (facts.For("memory")!.Version, facts.For("memory")!.Directory));
        Assert.Equal("/sys/fs/cgroup/cpu", facts.For("cpu")!.Directory);
    }

    [Fact]
    public void A_cgroup_that_the_mount_does_not_show_is_no_place()
    {
        using RecordedHost host = RecordedHost.Debian12().With("/proc/self/cgroup", "0::/../../outside\n");
        CgroupFacts facts = CgroupFacts.Probe(new HostFiles(host.Root, _ => true));
        Assert.Equal(CgroupLayout.Unified, facts.Layout);
        Assert.Empty(facts.Places);
    }

    [Fact]
    public void This_host_is_read()
    {
        Assert.NotEqual(0, KernelFeatures.Probe().Release.Major);
        Assert.True(KernelFeatures.Probe().OpenAt2);
        Assert.True(UserNamespaceFacts.Probe().InKernel);
        Assert.All(CgroupFacts.Probe(new HostFiles()).Places, place => Assert.True(Directory.Exists(place.Directory), place.Directory));
    }
}
