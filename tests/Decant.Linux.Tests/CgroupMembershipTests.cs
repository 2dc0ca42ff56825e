namespace Decant.Linux.Tests;

public sealed class CgroupMembershipTests
{
    [Fact]
    public void Hybrid_hosts_have_both_versions()
    {
        IReadOnlyList<CgroupMembership> memberships = CgroupMembership.Parse("4:memory:/a\n1:cpu,cpuacct:/b\n1:name=systemd:/\n0::/user.slice\n");
        Assert.Equal("memory|cpu cpuacct|name=systemd|", string.Join('|', memberships.Select(m => string.Join(' ', m.Controllers))));
        Assert.True(memberships[3].IsVersion2);
    }

    [Fact]
    public void The_directory_follows_the_mount_also_in_a_container()
    {
        IReadOnlyList<MountInfo> mounts = MountInfo.Parse("1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n2 0 0:2 /docker/x /cg/memory rw - cgroup cgroup rw,memory\n"u8);
        Assert.Equal("/sys/fs/cgroup/user.slice", new CgroupMembership([], "/user.slice").Directory(mounts));
        Assert.Equal("/sys/fs/cgroup", new CgroupMembership([], "/").Directory(mounts));
        Assert.Equal("/cg/memory/job", new CgroupMembership(["memory"], "/docker/x/job").Directory(mounts));
        Assert.Null(new CgroupMembership(["cpu"], "/").Directory(mounts));
    }

    [Fact]
    public void A_damaged_line_is_an_error() => Assert.Throws<DecantException>(() => CgroupMembership.Parse("0:no-path\n"));
}
