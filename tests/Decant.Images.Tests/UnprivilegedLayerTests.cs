using System.Runtime.ExceptionServices;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>As a user without rights: a thread of its own gives root up, which the kernel allows for one thread alone.</summary>
public sealed class UnprivilegedLayerTests : IDisposable
{
    const int Nobody = 65534;

    readonly Scratch scratch = new();

    public UnprivilegedLayerTests()
    {
        scratch.Run("chmod", "0755", ".");
        scratch.MakeDirectory("home");
        scratch.Run("chown", $"{Nobody}:{Nobody}", "home");
    }

    public void Dispose() => scratch.Dispose();

    static void AsNobody(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Assert.Equal(0, Libc.Syscall(SyscallNumber.Setgroups, 0, 0));
                Assert.Equal(0, Libc.Syscall(SyscallNumber.Setresgid, Nobody, Nobody, Nobody));
                Assert.Equal(0, Libc.Syscall(SyscallNumber.Setresuid, Nobody, Nobody, Nobody));
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    LayerReport Apply(string name, TestArchive archive, params string[] lower)
    {
        LinuxFile.MakeDirectory(null, scratch.Path(name), 0x1ed);
        return LayerExtractor.Extract(new MemoryStream(archive.End()), scratch.Path(name), lower, new LayerOptions());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void Read_only_directories_are_filled_and_removed(long directoryMemory)
    {
        AsNobody(() =>
        {
            LinuxFile.MakeDirectory(null, scratch.Path("home/l"), 0x1ed);
            TestArchive archive = new TestArchive()
                .Directory("./", 0x16d).Directory("closed", 0).File("closed/f", "1", 0).Directory("ro", 0x16d).Directory("ro/sub", 0x100).File("ro/sub/f", "2")
                .Pax(("SCHILY.xattr.user.a", "1"u8.ToArray()), ("SCHILY.xattr.security.capability", "1"u8.ToArray())).File("ro/x", "3", 0x124)
                .File("set", "4", 0x9ed).Add('3', "null", device: (1, 3)).Add('0', "other", uid: 5).File("ro/sub/again", "5");
            LayerReport report = LayerExtractor.Extract(new MemoryStream(archive.End()), scratch.Path("home/l"), [], new LayerOptions { DirectoryMemory = directoryMemory });

            Assert.Equal((1L, 1L), (report.SkippedDevices, report.SkippedXattrs));
            Assert.Equal(report.Entries - 1, report.FoldedOwners);
        });
        Assert.Equal(0x9edu, LinuxFile.Status(scratch.Path("home/l/set")).Permissions);
        Assert.Equal((0u, 0x16du, 0x100u), (LinuxFile.Status(scratch.Path("home/l/closed")).Permissions, LinuxFile.Status(scratch.Path("home/l/ro")).Permissions, LinuxFile.Status(scratch.Path("home/l/ro/sub")).Permissions));
        Assert.Equal(Errno.None, LinuxFile.TryGetXattr(scratch.Path("home/l/ro/x"), "user.a", out _));
        Assert.Equal("5", File.ReadAllText(scratch.Path("home/l/ro/sub/again")));
        Assert.Equal(1000, LinuxFile.Status(scratch.Path("home/l")).Modified.Seconds);

        AsNobody(() => TreeRemoval.Remove(scratch.Path("home/l")));
        Assert.False(Directory.Exists(scratch.Path("home/l")));
    }

    [Fact]
    public void A_device_that_is_left_out_hides_what_had_its_name()
    {
        string low = scratch.Path("home/low");
        string top = scratch.Path("home/top");
        AsNobody(() =>
        {
            TestArchive below = new TestArchive().Directory("d").File("d/below", "1").File("d/kept", "2").Directory("d/tree").File("d/tree/f", "3").File("d/linked", "4").File("d/again", "5");
            TestArchive above = new TestArchive().Add('3', "d/below", device: (1, 3)).File("d/own", "6").Add('4', "d/own", device: (8, 0)).Add('3', "d/tree", device: (1, 5))
                .HardLink("d/linked", "d/below").Add('3', "d/again", device: (1, 5)).File("d/again", "7");
            Apply("home/low", below);
            Assert.Equal(5, Apply("home/top", above, low).SkippedDevices);
            Assert.Equal(["again", "kept"], new RootView([top, low]).Names("/d").Order());
            Assert.Empty(TreeCheckTests.Check(above, top, [low]));
        });
    }

    [Fact]
    public void The_kernels_overlay_in_a_user_namespace_shows_what_the_view_shows()
    {
        string low = scratch.Path("home/low");
        string top = scratch.Path("home/top");
        AsNobody(() =>
        {
            Apply("home/low", new TestArchive().Directory("d").File("d/gone").File("d/kept", "1").Directory("o").File("o/hidden").File("linked", "l"));
            Apply("home/top", new TestArchive().File("d/.wh.gone").Directory("o").File("o/.wh..wh..opq").File("o/new").HardLink("link", "linked"), low);
            Assert.Equal(["kept"], new RootView([top, low]).Names("/d"));
            Assert.Equal(["new"], new RootView([top, low]).Names("/o"));
        });
        scratch.Run("chmod", "0777", scratch.MakeDirectory("mount"));
        string script = $"mount -t overlay overlay -o ro,userxattr,lowerdir={top}:{low} {scratch.Path("mount")} && cd {scratch.Path("mount")} && find . | sort";
        string output = scratch.Run("setpriv", "--reuid", $"{Nobody}", "--regid", $"{Nobody}", "--clear-groups", "unshare", "-Urm", "sh", "-c", script);
        Assert.Equal([".", "./d", "./d/kept", "./link", "./linked", "./o", "./o/new"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(LinuxFile.Status(low + "/linked").Inode, LinuxFile.Status(top + "/link").Inode);
    }

    [Fact]
    public void A_file_that_may_not_be_linked_is_copied()
    {
        // Root's own file, which fs.protected_hardlinks keeps others from linking.
        scratch.Write("low/f", "root's");
        scratch.Run("chmod", "0644", "low/f");
        AsNobody(() => Apply("home/top", new TestArchive().HardLink("h", "f"), scratch.Path("low")));

        Assert.Equal("root's", File.ReadAllText(scratch.Path("home/top/h")));
        bool isProtected = File.ReadAllText("/proc/sys/fs/protected_hardlinks").Trim() == "1";
        Assert.Equal(isProtected ? (uint)Nobody : 0, LinuxFile.Status(scratch.Path("home/top/h")).Owner);
    }
}
