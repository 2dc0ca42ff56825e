using System.IO.Compression;
using System.Text;
using Decant.Linux;
using ZstdSharp;

namespace Decant.Images.Tests;

public sealed class LayerPipelineTests
{
    static readonly byte[] tar = MakeTar();

    public static TheoryData<string> Packings => ["plain", "gzip", "gzip in members", "zstd", "zstd between frames to skip", "gzip with more behind it"];

    [Theory]
    [MemberData(nameof(Packings))]
    public void The_tar_comes_out_of_every_packing(string packing)
    {
        MemoryStream seen = new();
        Run(Pack(packing), Digest.Sha256(tar), stream => stream.CopyTo(seen));
        Assert.True(tar.AsSpan().SequenceEqual(seen.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void Another_diff_id_is_refused_at_the_end(string packing)
    {
        DecantException e = Assert.Throws<DecantException>(() => Run(Pack(packing), Digest.Sha256("other"u8), stream => stream.CopyTo(Stream.Null)));
        Assert.Contains(Digest.Sha256(tar).ToString(), e.Message);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void What_the_blob_says_at_its_end_reaches_who_unpacks(string packing)
    {
        byte[] blob = Pack(packing);
        using LayerPipeline pipeline = new(new BlockPool(), "place", ImageLimits.Default);
        using VerifyingStream lies = new(new MemoryStream(blob), new Descriptor("", Digest.Sha256("lie"u8), blob.Length), "place");
        DecantException e = Assert.Throws<DecantException>(() => pipeline.Run(lies, Digest.Sha256(blob), Digest.Sha256(tar), (stream, _) => stream.CopyTo(Stream.Null)));
        Assert.Contains(Digest.Sha256(blob).ToString(), e.Message);
    }

    [Fact]
    public void A_failure_of_who_unpacks_ends_all_stages()
    {
        byte[] blob = Pack("gzip");
        Assert.Throws<IOException>(() => Run(blob, Digest.Sha256(tar), _ => throw new IOException("disk full")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_damaged_blob_is_an_error_and_not_a_hang(string packing)
    {
        byte[] blob = Pack(packing);
        for (int at = 20; at < blob.Length; at += Math.Max(1, blob.Length / 50))
        {
            byte[] damaged = [.. blob];
            damaged[at] ^= 0x10;
            Exception? e = Record.Exception(() => Run(damaged, Digest.Sha256(tar), stream => stream.CopyTo(Stream.Null)));
            Assert.True(e is DecantException or InvalidDataException or ZstdException or EndOfStreamException, $"byte {at}: {e}");
        }
    }

    static void Run(byte[] blob, Digest diffId, Action<Stream> unpack)
    {
        using LayerPipeline pipeline = new(new BlockPool(), "place", ImageLimits.Default);
        pipeline.Run(new MemoryStream(blob), Digest.Sha256(blob), diffId, (stream, _) => unpack(stream));
    }

    /// <summary>Of text that packs, but in which nothing can change unseen.</summary>
    static byte[] MakeTar()
    {
        Random random = new(1);
        TestArchive archive = new TestArchive().Directory("d");
        for (int i = 0; i < 40; i++)
            archive.File($"d/{i}", random.GetHexString(10_000 * i));
        return archive.End();
    }

    static byte[] Pack(string packing)
    {
        MemoryStream into = new();
        switch (packing)
        {
            case "plain":
                return tar;
            case "gzip" or "gzip with more behind it":
                Gzip(into, tar);
                break;
            case "gzip in members":
                // As eStargz packs: each file, and the index at the end, is a member of its own.
                for (int at = 0; at < tar.Length; at += 30_011)
                    Gzip(into, tar.AsSpan(at, Math.Min(30_011, tar.Length - at)));
                break;
            case "zstd":
                into.Write(new Compressor().Wrap(tar));
                break;
            default:
                // As zstd:chunked packs: frames for files, then the table of contents in a frame that readers skip.
                Skip(into, "first");
                for (int at = 0; at < tar.Length; at += 30_011)
                    into.Write(new Compressor().Wrap(tar.AsSpan(at, Math.Min(30_011, tar.Length - at))));
                Skip(into, "table of contents");
                break;
        }

        if (packing == "gzip with more behind it")
            into.Write(new byte[700_000]);
        return into.ToArray();
    }

    static void Gzip(MemoryStream into, ReadOnlySpan<byte> bytes)
    {
        using GZipStream gzip = new(into, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(bytes);
    }

    static void Skip(MemoryStream into, string text)
    {
        into.Write([0x50, 0x2a, 0x4d, 0x18, (byte)text.Length, 0, 0, 0]);
        into.Write(Encoding.ASCII.GetBytes(text));
    }
}
