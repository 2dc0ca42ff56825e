using Microsoft.Win32.SafeHandles;

namespace Decant.Linux.Tests;

public sealed class LinuxFileTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-linux-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Structures_have_the_layout_of_the_C_headers()
    {
        File.WriteAllText($"{directory}/f", "12345");
        Assert.Equal(Errno.None, LinuxFile.TrySetTimes(null, $"{directory}/f", new UnixTime(7, 8), new UnixTime(-1, 999_999_999)));
        Assert.Equal(Errno.None, LinuxFile.TryChangeMode(null, $"{directory}/f", 0x9A4 /* 04644 */));
        FileStatus status = LinuxFile.Status($"{directory}/f");
        Assert.Equal((5L, 0x9A4u, 1u, new UnixTime(-1, 999_999_999)), (status.Size, status.Permissions, status.Links, status.Modified));
        Assert.Equal(new DeviceNumber(1, 3), LinuxFile.Status("/dev/null").Represents);
        Assert.Equal(FileSystemStatus.Proc, LinuxFile.FileSystem("/proc").Type);
    }

    [Fact]
    public void Openat2_keeps_links_inside_the_root()
    {
        Directory.CreateDirectory($"{directory}/root/etc");
        File.WriteAllText($"{directory}/root/etc/inside", "inside");
        File.CreateSymbolicLink($"{directory}/root/link", "/../../../../etc/inside");
        using SafeFileHandle root = LinuxFile.Open($"{directory}/root", OpenFlags.Path);
        using SafeFileHandle file = LinuxFile.Open(root, "link", OpenFlags.ReadOnly, 0, ResolveFlags.InRoot);
        Assert.Equal(Errno.None, LinuxFile.TryReadAll(file, out byte[] bytes));
        Assert.Equal("inside"u8.ToArray(), bytes);
        Assert.Equal(Errno.ELOOP, LinuxFile.TryOpen(root, "link", OpenFlags.ReadOnly, 0, ResolveFlags.NoSymlinks, out _));
    }

    [Fact]
    public void Errors_name_the_call_the_path_and_the_cause()
    {
        LinuxException error = Assert.Throws<LinuxException>(() => LinuxFile.Open("/no/such\nfile", OpenFlags.ReadOnly));
        Assert.Equal("open /no/such\\x0afile: No such file or directory", error.Message);
    }

    [Fact]
    public void Long_paths_work_and_too_long_ones_say_so()
    {
        string path = directory;
        for (int i = 0; i < 12; i++)
            path += "/" + new string('x', 250);
        Directory.CreateDirectory(path);
        Assert.True(LinuxFile.Status(path).IsDirectory);
        Assert.Equal(Errno.ENAMETOOLONG, LinuxFile.TryStatus(null, path + "/" + new string('y', 256), false, out _));
    }
}
