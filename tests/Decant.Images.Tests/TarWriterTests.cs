using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class TarWriterTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    string MakeTree()
    {
        string tree = scratch.MakeDirectory("t");
        scratch.Write("t/a/file", "content");
        scratch.Write("t/a/empty", "");
        scratch.Write("t/large", new string('x', 600_000));
        scratch.Write("t/" + string.Join('/', Enumerable.Repeat(new string('d', 90), 4)) + "/" + new string('f', 255), "long");
        scratch.Write("t/" + new string('e', 100), "exactly a hundred");
        scratch.Link("t/link", "a/file");
        scratch.Link("t/long-link", new string('l', 300));
        scratch.Run("ln", "t/large", "t/a/second");
        scratch.Run("mknod", "t/null", "c", "1", "3");
        scratch.Run("mkfifo", "t/fifo");
        scratch.Run("chmod", "6755", "t/a/empty");
        scratch.Run("chown", "1234:3000000", "t/a/file");
        scratch.Run("touch", "-d", "1969-12-31T23:59:58.75Z", "t/a/empty");
        scratch.Run("chmod", "0500", "t/a");
        LinuxFile.MakeDirectory(null, scratch.Path("t/" + PathBytes.Decode([0xff, (byte)'o', 0xc3])), 0x1c0);
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("t/large"), "user.a=b", [0, (byte)'\n', 0xff]));
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("t/a"), "trusted.t", "1"u8));
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("t/a"), "trusted.overlay.opaque", "y"u8));
        return tree;
    }

    string Write(string tree, string name)
    {
        using FileStream file = File.Create(scratch.Path(name));
        TarWriter.WriteTree(tree, file);
        return scratch.Path(name);
    }

    [Fact]
    public void GNU_tar_unpacks_what_was_written_into_the_same_tree()
    {
        string tree = MakeTree();
        Write(tree, "a.tar");
        scratch.MakeDirectory("out");
        scratch.Run("tar", "--xattrs", "--xattrs-include=*", "-xpf", "a.tar", "-C", "out");
        scratch.Run("tar", "-tvf", "a.tar");

        SortedDictionary<string, string> expected = TreeSnapshot.OfHost(tree, details: true);
        expected["/a"] = expected["/a"].Replace(" trusted.overlay.opaque=79", "");
        Assert.Equal(expected, TreeSnapshot.OfHost(scratch.Path("out"), details: true));
    }

    [Fact]
    public void The_layer_extractor_unpacks_it_too_and_writing_again_gives_the_same_bytes()
    {
        string tree = MakeTree();
        string first = Write(tree, "a.tar");
        using FileStream file = File.OpenRead(first);
        LayerReport report = LayerExtractor.Extract(file, scratch.MakeDirectory("out"), [], new LayerOptions());

        Assert.Equal(0, report.SkippedXattrs);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(Write(scratch.Path("out"), "b.tar")));
    }

    [Fact]
    public void A_plain_file_needs_no_extended_header_and_sockets_are_left_out()
    {
        string tree = scratch.MakeDirectory("t");
        scratch.Write("t/f", "x");
        scratch.Run("python3", "-c", "import socket; socket.socket(socket.AF_UNIX).bind('t/socket')");
        scratch.Run("touch", "-d", "2001-01-01T00:00:00Z", "t/f", "t");

        byte[] bytes = File.ReadAllBytes(Write(tree, "a.tar"));
        // The root, the file with its content, and the end.
        Assert.Equal(512 * 5, bytes.Length);
    }
}
