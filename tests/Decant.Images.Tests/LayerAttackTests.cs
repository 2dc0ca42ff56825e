using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Known ways out of a directory that an archive is unpacked into. None may touch anything outside.</summary>
public sealed class LayerAttackTests : IDisposable
{
    readonly Scratch scratch = new();
    readonly SortedDictionary<string, string> before;

    public LayerAttackTests()
    {
        scratch.Write("outside/secret", "secret");
        scratch.MakeDirectory("outside/dir");
        before = TreeSnapshot.OfHost(scratch.Path("outside"), details: true);
    }

    public void Dispose() => scratch.Dispose();

    public static TheoryData<string> Tricks => [.. All.Keys];

    static readonly Dictionary<string, Func<TestArchive, string, TestArchive>> All = new()
    {
        ["write through a relative link"] = (a, _) => a.Link("evil", "../outside").File("evil/new", "x").File("evil/secret", "x"),
        ["write through an absolute link"] = (a, o) => a.Link("evil", o).File("evil/new", "x").File("evil/secret", "x"),
        ["directory through a link"] = (a, o) => a.Link("evil", o).Directory("evil/dir", 0x1ff).Directory("evil/new"),
        ["directory entry over a link"] = (a, o) => a.Link("evil", o).Directory("evil", 0x1ff),
        ["whiteout through a link"] = (a, o) => a.Link("evil", o).File("evil/.wh.secret"),
        ["opaque mark through a link"] = (a, o) => a.Link("evil", o).File("evil/.wh..wh..opq"),
        ["link through a link"] = (a, o) => a.Link("evil", o).Link("evil/new", "x"),
        ["device through a link"] = (a, o) => a.Link("evil", o).Add('3', "evil/null", device: (1, 3)).Add('6', "evil/fifo"),
        ["hard link into a link"] = (a, o) => a.File("f").Link("evil", o).HardLink("evil/new", "f"),
        ["hard link to outside through a link"] = (a, o) => a.Link("evil", o).HardLink("h", "evil/secret").File("h", "x"),
        ["hard link to a link, then write"] = (a, o) => a.Link("s", o + "/secret").HardLink("h", "s").File("h", "x"),
        ["hard link with dot dot"] = (a, _) => a.HardLink("h", "../outside/secret"),
        ["hard link with an absolute target"] = (a, o) => a.HardLink("h", o + "/secret"),
        ["write over a link"] = (a, o) => a.Link("f", o + "/secret").File("f", "x"),
        ["dot dot in a name"] = (a, _) => a.File("../outside/new", "x").File("a/../../outside/secret", "x").Link("../../outside/dir/l", "x"),
        ["absolute name"] = (a, o) => a.File(o + "/secret", "x").File(o + "/new", "x"),
        ["replaced parent"] = (a, o) => a.Directory("d").File("d/f", "x").Link("d", o).File("d/secret", "x").Directory("d/dir", 0x1ff),
        ["replaced grandparent"] = (a, o) => a.Directory("d/e").File("d/e/f").Link("d", o + "/..").File("d/e/g").File("d/outside/secret", "x"),
        ["chain of links"] = (a, _) => a.Link("l1", "..").Link("l2", "l1/..").Link("l3", "l2/../../outside").File("l3/secret", "x").File("l1/outside/new", "x"),
        ["root as a link"] = (a, o) => a.Link("/.", o).File("secret", "x"),
        ["root as a file"] = (a, _) => a.File("./", "x").File("..", "x"),
        ["dot dot as a link"] = (a, o) => a.Link("..", o).File("../secret", "x"),
        ["link loop as parent"] = (a, _) => a.Link("a", "b").Link("b", "a").File("a/x", "x"),
        ["fifo as parent"] = (a, _) => a.Add('6', "p").File("p/x", "x"),
        ["device as parent"] = (a, _) => a.Add('3', "p", device: (1, 3)).File("p/x", "x"),
        ["attributes of a link"] = (a, o) => a.Pax(("SCHILY.xattr.user.a", "x"u8.ToArray()), ("SCHILY.xattr.trusted.a", "x"u8.ToArray())).Link("l", o),
        ["link into proc"] = (a, _) => a.Link("p", "/proc/self/cwd").File("p/outside/new", "x").Link("q", "/proc/self/root").File("q/tmp/decant-attack", "x"),
        ["whiteout of dot dot"] = (a, _) => a.File(".wh..").File("d/.wh..."),
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public void Nothing_outside_is_touched(string trick)
    {
        TryExtract("target", All[trick](new TestArchive(), scratch.Path("outside")), []);
        CheckOutside();
    }

    [Theory]
    [MemberData(nameof(Tricks))]
    public void Nor_with_the_trick_over_a_link_of_a_layer_below(string trick)
    {
        string lower = scratch.MakeDirectory("lower");
        TestArchive archive = new TestArchive().Link("evil", scratch.Path("outside")).Link("d", "../outside").File("f").Directory("real").Link("in", "real");
        LayerExtractor.Extract(new MemoryStream(archive.End()), lower, [], new LayerOptions());
        SortedDictionary<string, string> lowerBefore = TreeSnapshot.OfHost(lower);

        TryExtract("target", All[trick](new TestArchive().File("evil/x", "x").File("d/x", "x").File("in/x", "x"), scratch.Path("outside")), [lower]);
        CheckOutside();
        Assert.Equal(lowerBefore, TreeSnapshot.OfHost(lower));
    }

    void TryExtract(string name, TestArchive archive, string[] lower)
    {
        try
        {
            LayerExtractor.Extract(new MemoryStream(archive.End()), scratch.MakeDirectory(name), lower, new LayerOptions());
        }
        catch (DecantException e)
        {
            // Refusing is as good, if it says what.
            Assert.Contains("entry ", e.Message);
        }
    }

    void CheckOutside()
    {
        Assert.Equal(before, TreeSnapshot.OfHost(scratch.Path("outside"), details: true));
        Assert.False(File.Exists("/tmp/decant-attack"));
        foreach (string path in Directory.GetFileSystemEntries(scratch.Root))
            Assert.Contains(Path.GetFileName(path), (string[])["outside", "target", "lower"]);
    }

    [Fact]
    public void Damaged_archives_end_in_an_error_and_leave_everything_outside_alone()
    {
        TestArchive archive = new TestArchive().Directory("./").Directory("d").File("d/f", "content").Link("d/l", "../../outside").HardLink("h", "d/f")
            .Pax(("path", "d/long"u8.ToArray()), ("SCHILY.xattr.user.a", "1"u8.ToArray()), ("mtime", "1.5"u8.ToArray())).File("x", "y")
            .Pax(("GNU.sparse.size", "5000"u8.ToArray()), ("GNU.sparse.map", "0,1,4096,2"u8.ToArray())).File("s", "abc")
            .File("d/.wh.old").File("d/.wh..wh..opq").Add('3', "null", device: (1, 3)).Add('6', "fifo").Add('L', "././@LongLink", content: Encoding.ASCII.GetBytes(new string('n', 150) + "\0")).File("x", "z");
        byte[] good = archive.End();
        string lower = scratch.MakeDirectory("lower");
        LayerExtractor.Extract(new MemoryStream(new TestArchive().Directory("d").File("d/old").Link("evil", scratch.Path("outside")).End()), lower, [], new LayerOptions());
        Random random = new(7);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. good];
            for (int n = random.Next(1, 6); n > 0; n--)
                Mutate(bytes, random);
            string target = scratch.MakeDirectory("target");
            try
            {
                LayerExtractor.Extract(new MemoryStream(bytes, 0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length), target, [lower], new LayerOptions());
            }
            catch (DecantException)
            {
                refused++;
            }

            TreeRemoval.Remove(target);
            Assert.False(Directory.Exists(target));
        }

        Assert.InRange(refused, 1, 399);
        CheckOutside();
    }

    /// <summary>Changes a byte, and mends the header's checksum most times, so that the damage gets past it.</summary>
    static void Mutate(byte[] bytes, Random random)
    {
        int block = random.Next(bytes.Length / 512) * 512;
        int at = block + (random.Next(3) == 0 ? random.Next(512) : random.Next(160));
        bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)"0123456789/.LKxgS"[random.Next(17)], _ => (byte)(bytes[at] ^ (1 << random.Next(8))) };
        if (random.Next(5) == 0)
            return;
        long sum = 0;
        for (int i = 0; i < 512; i++)
            sum += i is >= 148 and < 156 ? ' ' : bytes[block + i];
        if (bytes.AsSpan(block + 257, 5).SequenceEqual("ustar"u8))
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(bytes, block + 148);
    }
}
