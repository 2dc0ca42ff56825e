using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Unpacked layers against their archives. <see cref="LayerModelTests"/> has random ones, which must all be found in order.</summary>
public sealed class TreeCheckTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    internal static IReadOnlyList<string> Check(TestArchive archive, string tree, IReadOnlyList<string> lower)
    {
        using TreeCheck check = new(tree, lower, LinuxFile.Status(tree).Owner);
        check.Read(new MemoryStream(archive.End()), "archive");
        if (check.NeedsSecondReading)
            check.ReadAgain(new MemoryStream(archive.End()), "archive");
        return check.Differences();
    }

    static TestArchive Lower() => new TestArchive()
        .Directory("./").Directory("gone").File("gone/f", "1").Directory("hidden").File("hidden/f", "2").Directory("implicit", 0x1c0).File("low", "low");

    static TestArchive Upper() => new TestArchive()
        .Directory("./").File(".wh.gone").Directory("hidden").File("hidden/.wh..wh..opq").File("hidden/new", "new").File("implicit/f", "f")
        .Directory("dir").File("dir/file", "some content").HardLink("dir/hard", "dir/file").Link("dir/link", "file").File("empty")
        .Pax(("SCHILY.xattr.user.note", "text"u8.ToArray())).File("noted", "x").Add('3', "null", device: (1, 3)).HardLink("shared", "low");

    (string Low, string Top) Unpack(TestArchive upper)
    {
        string low = scratch.MakeDirectory("low");
        string top = scratch.MakeDirectory("top");
        LayerExtractor.Extract(new MemoryStream(Lower().End()), low, [], new LayerOptions());
        LayerExtractor.Extract(new MemoryStream(upper.End()), top, [low], new LayerOptions());
        return (low, top);
    }

    [Fact]
    public void What_was_just_unpacked_is_in_order()
    {
        (string low, string top) = Unpack(Upper());
        Assert.Empty(Check(Lower(), low, []));
        Assert.Empty(Check(Upper(), top, [low]));
    }

    [Theory]
    [InlineData("printf X | dd of=dir/file bs=1 seek=3 conv=notrunc 2>/dev/null; touch -d @1000 dir/file", "dir/file its content differs from byte 3 on")]
    [InlineData("truncate -s 3 dir/file; touch -d @1000 dir/file", "dir/file has 3 bytes, not 12")]
    [InlineData("touch dir/file", "dir/file its time of change")]
    [InlineData("chmod 600 dir/file", "dir/file its mode is 600, not 644")]
    [InlineData("chown 1:0 dir/file", "dir/file its owner is 1:0, not 0:0")]
    [InlineData("rm dir/file; touch -d @1000 dir", "dir/file is missing")]
    [InlineData("rm dir/hard; touch -d @1000 dir", "dir/hard is missing")]
    [InlineData("cp -p dir/file x; rm dir/hard; printf 'some Content' > dir/hard; touch -d @1000 dir/hard dir; rm x; touch -d @1000 .", "dir/hard is no longer the same as file")]
    [InlineData("touch dir/more; touch -d @1000 dir", "dir/more does not belong to the layer")]
    [InlineData("ln -sfn other dir/link; touch -hd @1000 dir/link dir", "dir/link leads to other, not to file")]
    [InlineData("rm dir/link; touch dir/link; touch -d @1000 dir/link dir", "dir/link is a Regular, not a SymbolicLink")]
    [InlineData("chmod 700 dir", "dir its mode is 700, not 755")]
    [InlineData("chmod 755 implicit", "implicit its mode is 755, not 700")]
    [InlineData("rm -r dir; touch -d @1000 .", "dir is missing")]
    [InlineData("rm -r dir; ln -s /etc dir; touch -d @1000 .", "dir is a SymbolicLink, not a Directory")]
    [InlineData("rm gone; touch -d @1000 .", "gone is missing")]
    [InlineData("rm gone; mkdir gone; touch -d @1000 .", "gone is a Directory, not a whiteout")]
    [InlineData("setfattr -x user.overlay.opaque hidden; setfattr -x trusted.overlay.opaque hidden", "hidden is not opaque")]
    [InlineData("setfattr -n user.overlay.opaque -v y dir", "dir is opaque")]
    [InlineData("setfattr -n user.note -v other noted", "noted its attribute user.note has another value")]
    [InlineData("setfattr -x user.note noted", "noted its attribute user.note is missing")]
    [InlineData("setfattr -n user.more -v 1 empty", "empty its attribute user.more does not belong to it")]
    [InlineData("setcap cap_net_raw+ep empty", "empty its attribute security.capability does not belong to it")]
    [InlineData("rm null; mknod -m 644 null c 1 5; touch -d @1000 null .", "null is device 1:5, not 1:3")]
    [InlineData("rm shared; printf LOW > shared; touch -d @1000 shared .", "shared is no longer the same as ")]
    public void Damage_is_found_and_told_with_its_path(string damage, string difference)
    {
        (string low, string top) = Unpack(Upper());
        scratch.Run("sh", "-ec", $"cd {top}; {damage}");
        Assert.StartsWith(difference, Assert.Single(Check(Upper(), top, [low])));
    }

    [Fact]
    public void A_removed_file_is_named_beside_its_directory_whose_time_that_changed()
    {
        (string low, string top) = Unpack(Upper());
        scratch.Run("rm", $"{top}/dir/link");
        IReadOnlyList<string> differences = Check(Upper(), top, [low]);
        Assert.StartsWith("dir its time of change", differences[0]);
        Assert.Equal("dir/link is missing", differences[1]);
        Assert.Equal(2, differences.Count);
    }

    [Fact]
    public void A_file_whose_place_a_later_entry_took_is_compared_at_its_other_name()
    {
        TestArchive archive = new TestArchive().Directory("./").File("a", "first").HardLink("b", "a").File("a", "second");
        string tree = scratch.MakeDirectory("t");
        LayerExtractor.Extract(new MemoryStream(archive.End()), tree, [], new LayerOptions());
        Assert.Empty(Check(archive, tree, []));
        scratch.Run("sh", "-ec", $"cd {tree}; printf FIRST > b; touch -d @1000 b .");
        Assert.Equal(["b its content differs from byte 0 on"], Check(archive, tree, []));
    }

    [Fact]
    public void A_copy_instead_of_a_hard_link_is_in_order()
    {
        (string low, string top) = Unpack(Upper());
        scratch.Run("sh", "-ec", $"cd {top}; cp -p dir/file x; mv x dir/hard; cp -p shared x; mv x shared; touch -d @1000 dir .");
        Assert.Empty(Check(Upper(), top, [low]));
    }

    [Fact]
    public void Of_many_differences_the_first_are_told_and_the_rest_counted()
    {
        TestArchive archive = new TestArchive().Directory("./");
        for (int i = 0; i < 100; i++)
            archive.File($"f{i:d2}");
        IReadOnlyList<string> differences = Check(archive, scratch.MakeDirectory("t"), []);
        Assert.Equal(21, differences.Count);
        Assert.EndsWith("more", differences[^1]);
    }

    [Fact]
    public void A_large_sparse_file_is_compared_hole_by_hole()
    {
        scratch.Run("sh", "-ec", "mkdir s; cd s; truncate -s 64M f; printf data | dd of=f bs=1 seek=40000000 conv=notrunc 2>/dev/null; tar -cSf ../s.tar .");
        byte[] tar = File.ReadAllBytes(scratch.Path("s.tar"));
        string tree = scratch.MakeDirectory("t");
        LayerExtractor.Extract(new MemoryStream(tar), tree, [], new LayerOptions());
        using (TreeCheck check = new(tree, [], 0))
        {
            check.Read(new MemoryStream(tar), "archive");
            Assert.Empty(check.Differences());
        }

        scratch.Run("sh", "-ec", "touch -r t/f stamp; printf X | dd of=t/f bs=1 seek=63000000 conv=notrunc 2>/dev/null; touch -r stamp t/f");
        using (TreeCheck check = new(tree, [], 0))
        {
            check.Read(new MemoryStream(tar), "archive");
            Assert.Equal(["f its content differs from byte 63000000 on"], check.Differences());
        }
    }
}
