using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class RootViewTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    /// <summary>Version 2; the owner rw, user 54321 r, the group nothing, the mask r, others nothing (linux/posix_acl_xattr.h).</summary>
    static readonly byte[] AccessList =
    [
        2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 0x31, 0xD4, 0, 0, 4, 0, 0, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
    ];

    RootView View(params string[] layers)
    {
        string[] paths = new string[layers.Length];
        for (int i = 0; i < layers.Length; i++)
            paths[i] = scratch.MakeDirectory(layers[i]);
        return new RootView(paths);
    }

    [Fact]
    public void The_topmost_layer_that_has_a_file_provides_it()
    {
        RootView view = View("top", "low");
        scratch.Write("low/etc/a", "low");
        scratch.Write("low/etc/b", "low");
        scratch.Write("top/etc/a", "top");

        Assert.Equal(scratch.Path("top/etc/a"), view.Resolve("/etc/a").HostPath);
        Assert.Equal(scratch.Path("low/etc/b"), view.Resolve("etc/b").HostPath);
        Assert.Equal("top"u8, view.TryReadFile("/etc/a", 10)!);
        Assert.Equal(["a", "b"], view.Names("/etc").Order());
    }

    [Fact]
    public void What_is_closed_to_a_user_is_closed_in_his_view_and_open_to_the_kernel()
    {
        RootView view = View("root");
        scratch.Write("root/d/secret", "x");
        scratch.Write("root/closed/a", "a");
        scratch.Link("root/way", "closed/a");
        File.SetUnixFileMode(scratch.Path("root"), (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(scratch.Path("root/d"), (UnixFileMode)0b111_001_001);
        File.SetUnixFileMode(scratch.Path("root/d/secret"), (UnixFileMode)0b110_000_000);
        File.SetUnixFileMode(scratch.Path("root/closed"), (UnixFileMode)0b111_100_100);
        RootView stranger = view.As(new Credentials(54321, [54321]));

        RootEntry entry = stranger.Resolve("/way");
        Assert.Equal((Errno.EACCES, "/closed/a", "/closed"), (entry.Errno, entry.Path, entry.ExistingParent));
        Assert.Equal(["a"], stranger.Names("/closed"));
        Assert.Throws<LinuxException>(() => stranger.Names("/d"));
        Assert.True(stranger.Resolve("/d/secret").Exists);
        Assert.False(stranger.May(stranger.Resolve("/d/secret"), FileAccessModes.Read));
        Assert.Throws<LinuxException>(() => stranger.TryReadFile("/d/secret", 10));
        Assert.Equal("x"u8, stranger.Kernel.TryReadFile("/d/secret", 10)!);
        Assert.Same(view, view.As(Credentials.OfRoot));

        // An access control list may open what owner and mode close.
        if (LinuxFile.TrySetXattr(scratch.Path("root/d/secret"), "system.posix_acl_access", AccessList) == Errno.None)
            Assert.True(stranger.May(stranger.Resolve("/d/secret"), FileAccessModes.Read));
        // So that it can be removed.
        File.SetUnixFileMode(scratch.Path("root/closed"), (UnixFileMode)0b111_101_101);
    }

    [Fact]
    public void A_whiteout_hides_what_lies_below()
    {
        RootView view = View("top", "low");
        scratch.Write("low/d/a", "");
        scratch.Write("top/d/b", "");
        scratch.Whiteout("top/d/a");

        RootEntry entry = view.Resolve("/d/a");
        Assert.Equal((Errno.ENOENT, "/d/a", null), (entry.Errno, entry.Path, entry.HostPath));
        Assert.Equal(["b"], view.Names("/d"));
    }

    [Fact]
    public void A_directory_over_a_whiteout_of_a_directory_does_not_merge_with_it()
    {
        RootView view = View("top", "middle", "low");
        scratch.Write("low/d/a", "");
        scratch.MakeDirectory("middle");
        scratch.Whiteout("middle/d");
        scratch.Write("top/d/b", "");

        Assert.Equal(["b"], view.Names("/d"));
        Assert.Equal(Errno.ENOENT, view.Resolve("/d/a").Errno);
    }

    [Theory]
    [InlineData("user.overlay.opaque")]
    [InlineData("trusted.overlay.opaque")]
    public void An_opaque_directory_hides_what_lies_below(string attribute)
    {
        RootView view = View("top", "low");
        scratch.Write("low/d/a", "");
        scratch.Write("top/d/b", "");
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("top/d"), attribute, "y"u8));

        Assert.Equal(["b"], view.Names("/d"));
        Assert.Equal(Errno.ENOENT, view.Resolve("/d/a").Errno);
    }

    [Fact]
    public void A_file_hides_a_directory_below_and_a_path_through_it_is_ENOTDIR()
    {
        RootView view = View("top", "low");
        scratch.Write("low/d/a", "");
        scratch.Write("top/d", "file");

        Assert.Equal((Errno.ENOTDIR, "/d/a"), (view.Resolve("/d/a").Errno, view.Resolve("/d/a").Path));
        Assert.Equal(Errno.ENOTDIR, view.Resolve("/d/").Errno);
        Assert.Equal(Errno.ENOTDIR, view.Resolve("/d/.").Errno);
        Assert.Throws<LinuxException>(() => view.Names("/d"));
    }

    [Fact]
    public void Links_stay_in_the_root()
    {
        RootView view = View("top");
        scratch.Write("top/usr/lib/x", "x");
        scratch.Link("top/lib", "/usr/lib");
        scratch.Link("top/usr/up", "../../../../../../lib");
        scratch.Link("top/usr/escape", "../../../../etc/passwd");

        Assert.Equal("/usr/lib/x", view.Resolve("/usr/up/x").Path);
        Assert.Equal("/usr/lib/x", view.Resolve("/../lib/x").Path);
        RootEntry escape = view.Resolve("/usr/escape");
        Assert.Equal((Errno.ENOENT, "/etc/passwd", null), (escape.Errno, escape.Path, escape.HostPath));
    }

    [Fact]
    public void A_last_link_is_followed_only_when_asked_and_dangling_gives_where_it_would_be_created()
    {
        RootView view = View("top");
        scratch.MakeDirectory("top/etc");
        scratch.MakeDirectory("top/run");
        scratch.Link("top/etc/resolv.conf", "../run/systemd/stub");

        Assert.Equal("/run/systemd/stub", view.Resolve("/etc/resolv.conf").Path);
        RootEntry link = view.Resolve("/etc/resolv.conf", followLast: false);
        Assert.Equal((Errno.None, "/etc/resolv.conf", true), (link.Errno, link.Path, link.Status.IsSymbolicLink));
        // A trailing slash asks for what the link points at.
        Assert.Equal(Errno.ENOENT, view.Resolve("/etc/resolv.conf/", followLast: false).Errno);
    }

    [Fact]
    public void The_links_on_the_way_to_a_path_are_told_in_their_order()
    {
        RootView view = View("top", "low");
        scratch.MakeDirectory("low/usr/lib");
        scratch.MakeDirectory("top/usr/lib");
        scratch.Link("low/lib", "usr/lib");
        scratch.Link("top/usr/lib/a", "../b");
        scratch.Link("top/usr/b", "/gone/c");
        scratch.Link("top/self", "self");

        Assert.Equal([new RootLink("/lib", "usr/lib"), new RootLink("/usr/lib/a", "../b"), new RootLink("/usr/b", "/gone/c")], view.Links("/lib/a"));
        Assert.Empty(view.Links("/usr/lib"));
        Assert.Equal(40, view.Links("/self").Count);
    }

    [Fact]
    public void Forty_links_are_followed_and_the_next_is_ELOOP()
    {
        RootView view = View("top");
        scratch.Write("top/0", "");
        for (int i = 1; i <= 41; i++)
            scratch.Link($"top/{i}", $"{i - 1}");
        scratch.Link("top/self", "self");

        Assert.Equal("/0", view.Resolve("/40").Path);
        Assert.Equal(Errno.ELOOP, view.Resolve("/41").Errno);
        Assert.Equal(Errno.ELOOP, view.Resolve("/self/x").Errno);
    }

    [Fact]
    public void A_bind_covers_its_target_and_dot_dot_leads_back_into_the_root()
    {
        scratch.Write("host/sub/f", "host");
        scratch.Write("top/data/old", "");
        scratch.Write("top/x", "");
        RootView view = View("top");
        view.Bind("/data", scratch.Path("host"));

        Assert.Equal(scratch.Path("host/sub/f"), view.Resolve("/data/sub/f").HostPath);
        Assert.Equal(Errno.ENOENT, view.Resolve("/data/old").Errno);
        Assert.Equal(scratch.Path("top/x"), view.Resolve("/data/sub/../../x").HostPath);
        Assert.Equal(["sub"], view.Names("/data"));
    }

    [Fact]
    public void A_later_bind_wins_and_hides_earlier_ones_below_it()
    {
        scratch.Write("one/f", "1");
        scratch.Write("two/f", "2");
        RootView view = View("top");
        view.Bind("/m/sub/deeper", scratch.Path("one"));
        view.Bind("/m", scratch.Path("one"));
        view.Bind("/m", scratch.Path("two"));

        Assert.Equal("2"u8, view.TryReadFile("/m/f", 5)!);
        Assert.Equal(Errno.ENOENT, view.Resolve("/m/sub").Errno);
    }

    [Fact]
    public void Directories_that_lead_to_a_bind_exist()
    {
        string file = scratch.Write("one", "1");
        RootView view = View("top");
        view.Bind("/run/a/b", file);

        Assert.Equal("1"u8, view.TryReadFile("/run/a/b", 5)!);
        Assert.True(view.Resolve("/run/a").Status.IsDirectory);
        Assert.Equal(["run"], view.Names("/"));
        Assert.Equal(["b"], view.Names("/run/a"));
        Assert.Equal("/run/a/c/d", view.Resolve("/run/a/c/d").Path);
    }

    [Fact]
    public void The_root_itself_resolves()
    {
        RootView view = View("top", "low");
        foreach (string path in (string[])["/", "", ".", "..", "/../.."])
            Assert.Equal((Errno.None, "/", scratch.Path("top")), (view.Resolve(path).Errno, view.Resolve(path).Path, view.Resolve(path).HostPath));
    }

    [Fact]
    public void A_file_that_is_too_large_is_an_error_and_a_directory_is_no_file()
    {
        RootView view = View("top");
        scratch.Write("top/f", "12345");

        Assert.Equal(5, view.TryReadFile("/f", 5)!.Length);
        Assert.Throws<DecantException>(() => view.TryReadFile("/f", 4));
        Assert.Null(view.TryReadFile("/", 4));
        Assert.Null(view.TryReadFile("/none", 4));
    }

    [Fact]
    public void Names_that_are_not_UTF8_and_paths_beyond_PATH_MAX_resolve()
    {
        RootView view = View("top", "low");
        string name = PathBytes.Decode([0xff, (byte)'x', 0x80]);
        string top = scratch.Path("top");
        string path = "";
        SafeDirectory at = new(top);
        for (int i = 0; i < 40; i++)
        {
            string component = new('d', 200);
            at = at.Make(component);
            path += "/" + component;
        }

        at = at.Make(name);
        path += "/" + name;

        RootEntry entry = view.Resolve(path);
        Assert.Equal((Errno.None, path), (entry.Errno, entry.Path));
        Assert.True(entry.Status.IsDirectory);
        Assert.Equal([name], view.Names(path[..path.LastIndexOf('/')]));
        at.Dispose();
    }

    sealed class SafeDirectory(string path, Microsoft.Win32.SafeHandles.SafeFileHandle? parent = null) : IDisposable
    {
        readonly Microsoft.Win32.SafeHandles.SafeFileHandle handle = LinuxFile.Open(parent, path, OpenFlags.ReadOnly | OpenFlag.Directory);

        public SafeDirectory Make(string name)
        {
            LinuxFile.MakeDirectory(handle, name, 0x1ed);
            SafeDirectory child = new(name, handle);
            Dispose();
            return child;
        }

        public void Dispose() => handle.Dispose();
    }
}
