using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class LayerExtractorTests : IDisposable
{
    readonly Scratch scratch = new();
    readonly List<string> layers = [];

    public void Dispose() => scratch.Dispose();

    LayerReport Apply(TestArchive archive, LayerOptions? options = null) => Apply(archive.End(), options);

    /// <summary>One more layer on top of those before.</summary>
    LayerReport Apply(byte[] archive, LayerOptions? options = null)
    {
        string target = scratch.MakeDirectory($"layer{layers.Count}");
        LayerReport report = LayerExtractor.Extract(new MemoryStream(archive), target, [.. layers], options ?? new LayerOptions());
        layers.Insert(0, target);
        return report;
    }

    RootView View => new([.. layers]);

    string? Text(string path) => View.TryReadFile(path, 100000) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    DecantException Refused(TestArchive archive, LayerOptions? options = null) => Assert.ThrowsAny<DecantException>(() => Apply(archive, options));

    string Top(string name) => layers[0] + "/" + name;

    bool InTop(string name) => LinuxFile.Exists(Top(name));

    [Fact]
    public void A_whiteout_removes_a_name_of_the_layers_below()
    {
        Apply(new TestArchive().Directory("d/").File("d/a", "1").File("d/b", "2"));
        Apply(new TestArchive().File("d/.wh.a"));

        Assert.Equal(["b"], View.Names("/d"));
        Assert.True(LinuxFile.Status(Top("d/a")).IsWhiteout);
    }

    [Fact]
    public void A_whiteout_of_nothing_leaves_nothing()
    {
        Apply(new TestArchive().Directory("d/").File("d/.wh.a").File("none/.wh.b"));

        Assert.Equal(["d"], View.Names("/"));
        Assert.False(InTop("d/a"));
        Assert.False(InTop("none"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_and_a_whiteout_of_one_name_leave_the_file_in_either_order(bool whiteoutFirst)
    {
        Apply(new TestArchive().File("a", "old"));
        Apply(whiteoutFirst ? new TestArchive().File(".wh.a").File("a", "new") : new TestArchive().File("a", "new").File(".wh.a"));

        Assert.Equal("new", Text("/a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_and_a_whiteout_of_one_name_leave_the_layers_own_directory(bool whiteoutFirst)
    {
        Apply(new TestArchive().Directory("d").File("d/old", "old"));
        Apply(whiteoutFirst
            ? new TestArchive().File(".wh.d").Directory("d").File("d/new", "new")
            : new TestArchive().Directory("d").File("d/new", "new").File(".wh.d"));

        Assert.Equal(["new"], View.Names("/d"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_opaque_mark_hides_what_lies_below_but_no_sibling(bool markFirst)
    {
        Apply(new TestArchive().Directory("d").File("d/old", "old").Directory("d/sub").File("d/sub/old", ""));
        TestArchive archive = new TestArchive().Directory("d");
        if (markFirst)
            archive.File("d/.wh..wh..opq");
        archive.File("d/new", "new").File("d/sub/new", "");
        if (!markFirst)
            archive.File("d/.wh..wh..opq");
        Apply(archive);

        Assert.Equal(["new", "sub"], View.Names("/d").Order());
        Assert.Equal(["new"], View.Names("/d/sub"));
    }

    [Fact]
    public void An_opaque_root_hides_every_name_below_from_the_kernel_too()
    {
        Apply(new TestArchive().Directory("d").File("d/old").File("f").File("kept", "old"));
        Apply(new TestArchive().File("kept", "new").File("d/new").File(".wh..wh..opq"));

        string mount = scratch.MountOverlay("mount", layers);
        Assert.Equal(["d", "kept"], View.Names("/").Order());
        Assert.Equal(["d", "kept"], Directory.GetFileSystemEntries(mount).Select(Path.GetFileName).Order());
        Assert.Equal(["new"], Directory.GetFileSystemEntries(mount + "/d").Select(Path.GetFileName));
    }

    [Fact]
    public void Bookkeeping_of_aufs_is_passed_over()
    {
        Apply(new TestArchive().File(".wh..wh.aufs").Directory(".wh..wh.plnk").File(".wh..wh.plnk/1.2").Directory(".wh..wh.orph").File("a"));

        Assert.Equal(["a"], View.Names("/"));
    }

    [Theory]
    [InlineData(".wh.")]
    [InlineData(".wh..")]
    [InlineData(".wh...")]
    [InlineData("d/.wh...")]
    public void A_whiteout_of_no_name_is_refused(string name)
    {
        Assert.Contains(name, Refused(new TestArchive().Directory("d").File(name)).Message);
    }

    [Fact]
    public void A_later_entry_of_a_name_replaces_the_earlier()
    {
        Apply(new TestArchive()
            .File("a", "first").File("a", "second")
            .Directory("d", 0x1ed).File("d/inner", "").Directory("d", 0x1c0)
            .Directory("e").Directory("e/f").File("e/f/g", "").File("e", "file")
            .Link("l", "a").File("l", "no link any more")
            .File("x", "").Directory("x").File("x/y", "y"));

        Assert.Equal("second", Text("/a"));
        Assert.Equal((0x1c0u, "inner"), (View.Resolve("/d").Status.Permissions, View.Names("/d").Single()));
        Assert.Equal("file", Text("/e"));
        Assert.Equal(("second", "no link any more"), (Text("/a"), Text("/l")));
        Assert.Equal("y", Text("/x/y"));
    }

    [Fact]
    public void A_directory_after_a_file_of_the_same_layer_does_not_show_what_the_file_hid()
    {
        Apply(new TestArchive().Directory("d").File("d/old"));
        Apply(new TestArchive().File("d", "").Directory("d").File("d/new"));

        Assert.Equal(["new"], View.Names("/d"));
    }

    [Fact]
    public void Names_are_cleaned_and_never_leave_the_root()
    {
        Apply(new TestArchive().Directory("./").Directory("./a//b/").File("./a/./b/../c", "c").File("/abs", "abs").File("../../up", "up").File("a/../../../etc/x", "x"));

        Assert.Equal(["a", "abs", "etc", "up"], View.Names("/").Order());
        Assert.Equal(["b", "c"], View.Names("/a").Order());
        Assert.Equal("x", Text("/etc/x"));
    }

    [Fact]
    public void The_root_entry_sets_the_roots_metadata_and_must_be_a_directory()
    {
        Apply(new TestArchive().Directory("./", 0x1c9));
        Assert.Equal(0x1c9u, View.Resolve("/").Status.Permissions);
        Assert.Equal(new UnixTime(1000, 0), View.Resolve("/").Status.Modified);

        Apply(new TestArchive().File("f"));
        Assert.Equal(0x1c9u, View.Resolve("/").Status.Permissions);
        Assert.Contains("root", Refused(new TestArchive().Link("/.", "/etc")).Message);
    }

    [Fact]
    public void A_parent_that_is_a_link_is_followed_inside_the_root()
    {
        Apply(new TestArchive().Directory("usr").Directory("usr/bin", 0x1c1).Link("bin", "usr/bin").Link("abs", "/usr"));
        Apply(new TestArchive().File("bin/tool", "t").File("abs/x", "x"));

        Assert.Equal("t", Text("/usr/bin/tool"));
        Assert.Equal("x", Text("/usr/x"));
        Assert.Equal(["usr"], Directory.GetFileSystemEntries(layers[0]).Select(Path.GetFileName));
        // Left implicit by the archive, it is as below.
        Assert.Equal((0x1c1u, 1000), (View.Resolve("/usr/bin").Status.Permissions, View.Resolve("/usr/bin").Status.Modified.Seconds));
    }

    [Fact]
    public void A_parent_that_is_a_file_is_refused_unless_this_layer_hides_it()
    {
        Apply(new TestArchive().File("f", ""));
        Assert.Contains("f/x", Refused(new TestArchive().File("f/x", "")).Message);
        Assert.Contains("g/x", Refused(new TestArchive().File("g").File("g/x", "")).Message);
        LinuxFile.Status(scratch.Root);

        scratch.Run("rm", "-rf", scratch.Path($"layer{layers.Count}"));
        Apply(new TestArchive().File(".wh.f").File("f/x", "x"));
        Assert.Equal("x", Text("/f/x"));
    }

    [Fact]
    public void Hard_links_are_found_in_this_layer_first_and_then_below()
    {
        Apply(new TestArchive().Directory("d").File("d/low", "low").File("both", "old").Link("s", "d/low"));
        string below = layers[0];
        Apply(new TestArchive().File("both", "new").HardLink("l1", "both").HardLink("l2", "d/low").HardLink("l3", "/d/../d/low").HardLink("ls", "s"));

        Assert.Equal(("new", "low", "low"), (Text("/l1"), Text("/l2"), Text("/l3")));
        Assert.Equal(LinuxFile.Status(below + "/d/low").Inode, LinuxFile.Status(Top("l2")).Inode);
        // A link to a link is the link itself.
        Assert.True(LinuxFile.Status(Top("ls")).IsSymbolicLink);
    }

    [Fact]
    public void Replacing_a_hard_link_never_writes_the_file_of_the_layer_below()
    {
        Apply(new TestArchive().File("a", "kept", 0x180));
        string below = layers[0] + "/a";
        Apply(new TestArchive().HardLink("b", "a").File("b", "changed", 0x1ff).HardLink("a", "a"));

        Assert.Equal("kept", File.ReadAllText(below));
        Assert.Equal(0x180u, LinuxFile.Status(below).Permissions);
        Assert.Equal("changed", Text("/b"));
    }

    [Fact]
    public void A_hard_link_to_what_is_not_there_names_both()
    {
        DecantException e = Refused(new TestArchive().HardLink("new-name", "no/such"));
        Assert.Contains("new-name", e.Message);
        Assert.Contains("no/such", e.Message);
        scratch.Run("rm", "-rf", scratch.Path("layer0"));
        Apply(new TestArchive().File("gone"));
        Assert.Contains("gone", Refused(new TestArchive().File(".wh.gone").HardLink("x", "gone")).Message);
    }

    [Fact]
    public void Owners_modes_times_devices_and_attributes_are_the_archives()
    {
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        TestArchive archive = new TestArchive()
            .Pax(("mtime", "-1.25"u8.ToArray()), ("uid", "1234"u8.ToArray()), ("gid", "70000"u8.ToArray()),
                ("SCHILY.xattr.user.bin", [0, 1, (byte)'\n', 0xff]), ("SCHILY.xattr.security.capability", capability))
            .File("f", "x", 0x9ed)
            .Add('3', "null", device: (1, 3))
            .Add('3', "whiteout-in-disguise", device: (0, 0))
            .Add('6', "fifo");
        LayerReport report = Apply(archive);

        FileStatus status = LinuxFile.Status(Top("f"));
        Assert.Equal((0x9edu, 1234u, 70000u), (status.Permissions, status.Owner, status.Group));
        Assert.Equal(new UnixTime(-2, 750_000_000), status.Modified);
        Assert.Equal(Errno.None, LinuxFile.TryGetXattr(Top("f"), "user.bin", out byte[] value));
        Assert.Equal([0, 1, (byte)'\n', 0xff], value);
        Assert.Equal(Errno.None, LinuxFile.TryGetXattr(Top("f"), "security.capability", out _));
        Assert.Equal(new DeviceNumber(1, 3), LinuxFile.Status(Top("null")).Represents);
        Assert.Equal(FileType.Fifo, LinuxFile.Status(Top("fifo")).Type);
        Assert.False(InTop("whiteout-in-disguise"));
        Assert.Equal(new LayerReport(4, 1, 1, 0, 0), report);
    }

    [Fact]
    public void Without_privilege_owners_are_folded_and_what_only_root_may_make_is_counted()
    {
        TestArchive archive = new TestArchive()
            .Pax(("SCHILY.xattr.user.a", "1"u8.ToArray()), ("SCHILY.xattr.security.capability", "x"u8.ToArray()), ("SCHILY.xattr.trusted.b", "x"u8.ToArray()))
            .Add('0', "f", uid: 1234)
            .Add('3', "null", device: (1, 3))
            .Add('4', "disk", device: (8, 0))
            .Add('0', "su", mode: 0x9ED, uid: 1234);
        LayerReport report = Apply(archive, new LayerOptions { Privileged = false });

        Assert.Equal(new LayerReport(4, 0, 2, 2, 2, FoldedSetIds: 1), report);
        Assert.Equal(0u, LinuxFile.Status(Top("f")).Owner);
        Assert.Equal(0x9EDu, LinuxFile.Status(Top("su")).Permissions);
    }

    [Fact]
    public void Attributes_that_steer_overlayfs_are_dropped()
    {
        LayerReport report = Apply(new TestArchive()
            .Pax(("SCHILY.xattr.trusted.overlay.opaque", "y"u8.ToArray()), ("SCHILY.xattr.user.overlay.redirect", "/etc"u8.ToArray()))
            .Directory("d"));

        Assert.Equal(2, report.SkippedXattrs);
        Assert.Equal(Errno.None, LinuxFile.TryListXattrs(Top("d"), out List<string> names));
        Assert.Empty(names);
    }

    [Fact]
    public void Long_names_deep_paths_and_names_that_are_not_UTF8_unpack()
    {
        string wide = new('n', 255);
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 100), 60));
        string odd = PathBytes.Decode([0xc3, 0x28, 0xff, (byte)'x']);
        Apply(new TestArchive()
            .Pax(("path", PathBytes.Encode(wide))).File("x", "wide")
            .Pax(("path", PathBytes.Encode(deep + "/f"))).File("x", "deep")
            .Pax(("path", PathBytes.Encode(odd)), ("linkpath", PathBytes.Encode(odd))).Link("x", "y"));
        Apply(new TestArchive()
            .Pax(("path", PathBytes.Encode(deep + "/.wh.f"))).File("x")
            .Pax(("path", PathBytes.Encode(deep + "/g"))).File("x", "deep2"));

        Assert.Equal("wide", Text("/" + wide));
        Assert.Equal(["g"], View.Names("/" + deep));
        Assert.Equal("deep2", Text($"/{deep}/g"));
        Assert.Equal(odd, LinuxFile.ReadLink(null, layers[1] + "/" + odd));
        TreeRemoval.Remove(layers[0]);
        Assert.False(LinuxFile.Exists(layers[0]));
    }

    [Fact]
    public void A_name_that_no_file_system_holds_is_an_error_with_the_entry()
    {
        DecantException e = Refused(new TestArchive().Pax(("path", PathBytes.Encode("d/" + new string('n', 256)))).File("x"));
        Assert.Contains("File name too long", e.Message);
        Assert.Contains("entry 1", e.Message);
    }

    [Fact]
    public void A_file_among_many_small_ones_that_cannot_be_made_is_named_with_its_place()
    {
        TestArchive archive = new TestArchive().Directory("d/");
        for (int i = 0; i < 2000; i++)
        {
            if (i == 700)
                archive.Pax(("path", PathBytes.Encode("d/" + new string('n', 256))));
            archive.File($"d/f{i}", "text");
        }

        DecantException e = Refused(archive);
        Assert.Contains("entry 702 (d/nnn", e.Message);
        Assert.Contains("File name too long", e.Message);
    }

    [Fact]
    public void A_sparse_file_has_holes()
    {
        Apply(new TestArchive()
            .Pax(("GNU.sparse.size", "1048580"u8.ToArray()), ("GNU.sparse.map", "0,2,1048576,2"u8.ToArray()))
            .File("s", "abcd"));

        byte[] content = File.ReadAllBytes(Top("s"));
        Assert.Equal((1048580, (byte)'a', (byte)'b', 0, (byte)'c', (byte)'d', 0),
            (content.Length, content[0], content[1], content[2], content[1048576], content[1048577], content[^1]));
        Assert.True(LinuxFile.Status(Top("s")).Blocks < 100);
    }

    [Fact]
    public void The_stream_is_read_to_its_end()
    {
        MemoryStream stream = new([.. new TestArchive().File("a").End(), .. new byte[100_000]]);
        LayerExtractor.Extract(stream, scratch.MakeDirectory("t"), [], new LayerOptions());
        Assert.Equal(stream.Length, stream.Position);
    }
}
