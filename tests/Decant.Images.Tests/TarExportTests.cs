using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>tar:FILE, read back by GNU tar and by decant's own reader.</summary>
public sealed class TarExportTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    List<TarEntry> Export(params TestArchive[] layers) => Export(false, layers);

    List<TarEntry> Export(bool inOrder, params TestArchive[] layers)
    {
        ExportTarget.Parse($"tar:{scratch.Path("out.tar")}", "x").Write(MemoryImage.Of([.. layers.Select(layer => layer.End())]), ImageLimits.Default);
        using FileStream file = File.OpenRead(scratch.Path("out.tar"));
        TarReader reader = new(file, "out.tar");
        List<TarEntry> entries = [];
        while (reader.Next() is TarEntry entry)
            entries.Add(entry);
        return inOrder ? entries : [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    string[] Names(params TestArchive[] layers) => [.. Export(layers).Select(entry => entry.Name)];

    [Fact]
    public void Random_images_come_out_as_a_simple_model_of_the_rules_has_them()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            ModelTree model = new();
            List<TestArchive> layers = [];
            for (int layer = 1; layer <= 2 + (seed % 4); layer++)
                layers.Add(LayerModelTests.MakeLayer(model, random, layer));
            Export([.. layers]);
            string target = scratch.MakeDirectory($"tree{seed}");
            scratch.Run("tar", "-xpf", "out.tar", "-C", target);
            LayerModelTests.AssertSame(model.Snapshot(), TreeSnapshot.OfHost(target), $"seed {seed}");
        }
    }

    [Fact]
    public void The_tree_is_what_the_layers_unpack_to_in_every_detail()
    {
        using ImageFixture fixture = new();
        fixture.Store.Pull(ImageSource.Parse($"oci:{fixture.MakeLayout()}:one"), "x", Platform.Host, SilentProgress.Instance);
        fixture.Store.Export("x", ExportTarget.Parse($"tar:{fixture["x.tar"]}", "x"));
        Directory.CreateDirectory(fixture["tree"]);
        ImageFixture.Run("tar", "--xattrs", "--xattrs-include=*", "-xpf", fixture["x.tar"], "-C", fixture["tree"]);
        string merged = scratch.MountOverlay("merged", fixture.Store.Find("x")!.Layers);
        SortedDictionary<string, string> expected = TreeSnapshot.OfHost(merged, details: true);
        Assert.Contains(expected.Values, value => value.Contains("user.note"));
        LayerModelTests.AssertSame(expected, TreeSnapshot.OfHost(fixture["tree"], details: true), "GNU tar");
    }

    [Fact]
    public void Each_directory_comes_after_all_in_it() =>
        Assert.Equal(["a/d/link", "a/d/f", "b/f", "b/", "a/e/", "a/d/", "a/", "./"],
            Export(true, new TestArchive().Directory("a").Directory("a/e").Directory("b").File("a/d/f", "x").Link("a/d/link", "f").File("b/f", "x")).Select(entry => entry.Name));

    [Fact]
    public void Devices_owners_and_set_id_bits_are_those_of_the_layers()
    {
        List<TarEntry> entries = Export(new TestArchive()
            .Add('3', "null", device: (1, 3), uid: 7).Add('4', "disk", device: (259, 70000)).Add('6', "fifo")
            .Add('0', "suid", uid: 1234, mode: 0x9ed, content: [1]).Add('3', "whiteout-like", device: (0, 0)));
        Assert.Equal(["./", "disk", "fifo", "null", "suid"], entries.Select(entry => entry.Name));
        Assert.Equal(new DeviceNumber(1, 3), entries[3].Device);
        Assert.Equal(new DeviceNumber(259, 70000), entries[1].Device);
        Assert.Equal((0x9edu, 1234u, 1L), (entries[4].Mode, entries[4].Uid, entries[4].Size));
    }

    [Fact]
    public void A_file_that_lost_its_first_name_keeps_its_content_under_another()
    {
        List<TarEntry> entries = Export(
            new TestArchive().File("a", "content").HardLink("b", "a").HardLink("c", "a"),
            new TestArchive().File(".wh.a"));
        Assert.Equal(["./", "b", "c"], entries.Select(entry => entry.Name));
        Assert.Equal(7, entries[1].Size);
        Assert.Equal((TarEntryType.HardLink, "b"), (entries[2].Type, entries[2].LinkName));
    }

    [Fact]
    public void Names_of_one_link_are_hard_links_too()
    {
        List<TarEntry> entries = Export(new TestArchive().Link("a", "target").HardLink("b", "a"));
        Assert.Equal([TarEntryType.Directory, TarEntryType.SymbolicLink, TarEntryType.HardLink], entries.Select(entry => entry.Type));
    }

    [Fact]
    public void Entries_below_a_link_are_written_where_it_leads() =>
        Assert.Equal(["./", "bin", "usr/", "usr/bin/", "usr/bin/sh"],
            Names(new TestArchive().Directory("usr").Directory("usr/bin").Link("bin", "usr/bin"), new TestArchive().File("bin/sh", "x")));

    [Fact]
    public void Fractions_of_a_second_and_attributes_are_kept()
    {
        TarEntry entry = Export(new TestArchive().Pax(("mtime", "12.000000345"u8.ToArray()), ("SCHILY.xattr.user.a%3Db%25", [0, 10, 255]),
            ("SCHILY.xattr.trusted.overlay.opaque", [121])).File("f", "x"))[1];
        Assert.Equal(new UnixTime(12, 345), entry.ModifiedTime);
        TarXattr xattr = Assert.Single(entry.Xattrs);
        Assert.Equal("user.a=b%", xattr.Name);
        Assert.Equal([0, 10, 255], xattr.Value);
    }

    [Fact]
    public void Holes_that_no_disk_would_hold_are_refused_and_leave_no_file()
    {
        TestArchive archive = new TestArchive().Pax(("GNU.sparse.size", "9223372036854775807"u8.ToArray()), ("GNU.sparse.map", "0,1"u8.ToArray())).File("huge", "x");
        DecantException e = Assert.Throws<DecantException>(() => Export(archive));
        Assert.Contains("(huge): the holes of its sparse files make more than 1099511627776 bytes of zeros", e.Message);
        Assert.Contains("limits in the configuration", e.Fix);
        Assert.False(File.Exists(scratch.Path("out.tar")));
    }

    [Fact]
    public void Sparse_files_come_out_whole()
    {
        scratch.Run("truncate", "-s", "3M", "sparse");
        scratch.Run("sh", "-c", "echo middle | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none; tar --sparse -cf sparse.tar sparse");
        ExportTarget.Parse($"tar:{scratch.Path("out.tar")}", "x").Write(MemoryImage.Of(File.ReadAllBytes(scratch.Path("sparse.tar"))), ImageLimits.Default);
        scratch.MakeDirectory("tree");
        scratch.Run("tar", "-xf", "out.tar", "-C", "tree");
        scratch.Run("cmp", "sparse", "tree/sparse");
    }

    [Fact]
    public void A_link_in_a_circle_is_an_error_that_names_the_entry()
    {
        DecantException e = Assert.ThrowsAny<DecantException>(() => Export(new TestArchive().Link("a", "b").Link("b", "a").File("a/f", "x")));
        Assert.Contains("entry 3 (a/f)", e.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.Root));
    }
}
