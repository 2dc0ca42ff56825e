using System.IO.Compression;
using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Each limit ends the unpacking at its place, and the error says which option allows more.</summary>
public sealed class ImageLimitsTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    static byte[] Bytes(int count) => Encoding.ASCII.GetBytes(new string('v', count));

    static readonly Dictionary<string, TestArchive> TooMuch = new()
    {
        ["bytes"] = new TestArchive().File("a", new string('x', 2_000_000)).File("b"),
        ["depth"] = new TestArchive().Directory("d").File("a/b/c/d/e/f/g/h/i"),
        ["entries"] = new TestArchive().File("a").File("b").File("c").File("d").File("e").File("f").File("g").File("h").File("i"),
        ["header"] = new TestArchive().Pax(("comment", Bytes(3000))).File("a"),
        ["name"] = new TestArchive().Pax(("path", Encoding.ASCII.GetBytes(string.Join('/', Enumerable.Repeat("names", 50))))).File("a"),
        ["xattr-bytes"] = new TestArchive().Pax(("SCHILY.xattr.user.a", Bytes(60))).File("a").Pax(("SCHILY.xattr.user.a", Bytes(60))).File("b"),
        ["xattrs"] = new TestArchive().Pax([.. Enumerable.Range(0, 9).Select(i => ($"SCHILY.xattr.user.{i}", Bytes(1)))]).File("a"),
    };

    static readonly Dictionary<string, long> Small = new()
    {
        ["bytes"] = 1_000_000,
        ["depth"] = 7,
        ["entries"] = 8,
        ["header"] = 2000,
        ["name"] = 200,
        ["xattr-bytes"] = 100,
        ["xattrs"] = 8,
    };

    public static TheoryData<string> OfArchives => [.. TooMuch.Keys];

    [Theory]
    [MemberData(nameof(OfArchives))]
    public void A_limit_of_archives_is_kept_and_its_option_is_named(string limit)
    {
        DecantException refused = Assert.ThrowsAny<DecantException>(() => Extract(limit, ImageLimits.Default.With(limit, Small[limit])));
        Assert.Contains("entry ", refused.Message);
        Assert.Contains($"--limit {limit}=NUMBER", refused.Fix);

        Extract(limit, ImageLimits.Default);
        Extract(limit, ImageLimits.Default.With(limit, 0));
    }

    void Extract(string limit, ImageLimits limits)
    {
        string target = scratch.MakeDirectory("target");
        LayerExtractor.Extract(new MemoryStream(TooMuch[limit].End()), target, [], new LayerOptions { Limits = limits });
        TreeRemoval.Remove(target);
    }

    [Fact]
    public void Long_names_on_disk_count_as_paths()
    {
        TestArchive archive = new TestArchive().Add('L', "././@LongLink", content: Bytes(300)).File("a");
        DecantException refused = Assert.ThrowsAny<DecantException>(() =>
            LayerExtractor.Extract(new MemoryStream(archive.End()), scratch.MakeDirectory("target"), [], new LayerOptions { Limits = ImageLimits.Default.With("name", 200) }));
        Assert.Contains("--limit name=NUMBER", refused.Fix);
    }

    [Fact]
    public void Directories_that_names_imply_count_as_entries()
    {
        TestArchive archive = new();
        foreach (string first in (string[])["a", "b", "c", "d"])
            archive.File($"{first}/1/2/3/4/file");
        DecantException refused = Assert.ThrowsAny<DecantException>(() =>
            LayerExtractor.Extract(new MemoryStream(archive.End()), scratch.MakeDirectory("target"), [], new LayerOptions { Limits = ImageLimits.Default.With("entries", 19) }));
        Assert.Contains("entry 4", refused.Message);
        Assert.Contains("--limit entries=NUMBER", refused.Fix);
    }

    [Fact]
    public void Many_extended_headers_of_one_entry_add_up()
    {
        TestArchive archive = new();
        for (int i = 0; i < 5; i++)
            archive.Pax(($"SCHILY.xattr.user.{i}", Bytes(300_000)));
        DecantException refused = Assert.ThrowsAny<DecantException>(() =>
            LayerExtractor.Extract(new MemoryStream(archive.File("f").End()), scratch.MakeDirectory("target"), [], new LayerOptions()));
        Assert.Contains("--limit header=NUMBER", refused.Fix);
    }

    [Theory]
    [InlineData(1000, 1L << 30)]
    [InlineData(5_000_000, 1_250_000_000)]
    [InlineData(1L << 39, 1L << 40)]
    [InlineData(long.MaxValue, 1L << 40)]
    public void Packed_bytes_may_unpack_so_far(long packed, long most) => Assert.Equal(most, ImageLimits.Default.MostUnpacked(packed));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_decompression_bomb_ends_at_the_ratio(bool inMembers)
    {
        // 1.5 GB of zeros at a thousandth: one stream, or gzip members one after another.
        const int Chunks = 96;
        byte[] zeros = new byte[16 << 20];
        byte[] header = new TestArchive().Add('0', "zeros", size: (long)Chunks * zeros.Length).WithoutEnd();
        using MemoryStream packed = new();
        packed.Write(inMembers ? Gzip(header) : Gzip([header, .. Enumerable.Repeat(zeros, Chunks)]));
        byte[] member = Gzip(zeros);
        for (int i = 0; i < Chunks && inMembers; i++)
            packed.Write(member);
        long length = packed.Length;
        Assert.InRange(length, 1, 4_000_000);
        packed.Position = 0;
        using Stream tar = LayerCompressions.Unpack(packed, "bomb", ImageLimits.Default, out _);
        TarReader reader = new(tar, "bomb", packedBytes: length);
        TarException refused = Assert.Throws<TarException>(() =>
        {
            while (reader.Next() is not null)
            {
            }
        });
        Assert.Contains("decompression bomb", refused.Message);
        Assert.Contains("--limit ratio=NUMBER", refused.Fix);
        Assert.InRange(reader.Position, (1L << 30) - (1 << 20), (1L << 30) + (1 << 20));
    }

    static byte[] Gzip(params byte[][] parts)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (byte[] part in parts)
                gzip.Write(part);
        }

        return packed.ToArray();
    }

    [Fact]
    public void A_zstd_frame_that_asks_for_much_memory_is_refused_and_the_option_is_named()
    {
        scratch.Write("content", new string('x', 1000));
        scratch.Run("sh", "-c", "{ cat content; head -c 100000000 /dev/zero; } >all; zstd -q -1 --long=26 <all >wide.zst; zstd -q -1 --long=25 <all >usual.zst");
        DecantException refused = Assert.Throws<DecantException>(() => Unpack("wide.zst", ImageLimits.Default));
        Assert.Equal("wide.zst: a zstd frame asks for a window of more than 33554432 bytes", refused.Message);
        Assert.Contains("--limit window=NUMBER", refused.Fix);
        Assert.Equal(100_001_000, Unpack("wide.zst", ImageLimits.Default.With("window", 0)));
        Assert.Equal(100_001_000, Unpack("wide.zst", ImageLimits.Default.With("window", 100_000_000)));
        Assert.Equal(100_001_000, Unpack("usual.zst", ImageLimits.Default));
    }

    long Unpack(string name, ImageLimits limits)
    {
        using FileStream packed = File.OpenRead(scratch.Path(name));
        using Stream unpacked = LayerCompressions.Unpack(packed, name, limits, out LayerCompression compression);
        Assert.Equal(LayerCompression.Zstd, compression);
        long length = 0;
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = unpacked.Read(buffer)) > 0;)
            length += read;
        return length;
    }

    [Fact]
    public void Every_limit_can_be_set()
    {
        foreach (string name in ImageLimits.Names)
            Assert.NotEqual(ImageLimits.Default, ImageLimits.Default.With(name, 7));
        Assert.Throws<DecantException>(() => ImageLimits.Default.With("size", 7));
    }
}
