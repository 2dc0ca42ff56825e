namespace Decant.Linux.Tests;

public sealed class MountInfoTests
{
    [Fact]
    public void A_line_is_read_as_the_manual_page_describes_it()
    {
        MountInfo mount = MountInfo.Parse("36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n"u8).Single();
        Assert.Equal((36, 35, new DeviceNumber(98, 0)), (mount.Id, mount.Parent, mount.Device));
        Assert.Equal(("/mnt1", "/mnt 2", "ext3", "/dev/root"), (mount.Root, mount.MountPoint, mount.FileSystemType, mount.Source));
        Assert.Equal("rw noatime|master:1 shared:2|rw errors=continue", $"{string.Join(' ', mount.Options)}|{string.Join(' ', mount.Propagation)}|{string.Join(' ', mount.SuperOptions)}");
    }

    [Theory]
    [InlineData("36 35 98:0 / /mnt rw")]
    [InlineData("x 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 98 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt rw - ext3")]
    public void A_damaged_line_is_an_error_that_names_it(string line) =>
        Assert.Contains("line 1", Assert.Throws<DecantException>(() => MountInfo.Parse(System.Text.Encoding.UTF8.GetBytes(line))).Message);

    [Fact]
    public void This_machines_mounts_include_root_and_proc()
    {
        IReadOnlyList<MountInfo> mounts = MountInfo.ReadSelf();
        Assert.Equal("/", MountInfo.Holding(mounts, "/nowhere")!.MountPoint);
        Assert.Equal("proc", MountInfo.Holding(mounts, "/proc/self/status")!.FileSystemType);
    }
}
