using System.Text;
using CsCheck;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class TarReaderTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    static List<(TarEntry Entry, byte[] Content)> ReadAll(byte[] archive, int chunk = int.MaxValue)
    {
        TarReader reader = new(new ChunkedStream(archive, chunk), "test.tar");
        List<(TarEntry, byte[])> all = [];
        while (reader.Next() is { } entry)
        {
            using MemoryStream content = new();
            reader.CopyTo(content);
            all.Add((entry, content.ToArray()));
        }

        return all;
    }

    static TarException Refused(byte[] archive) => Assert.Throws<TarException>(() => ReadAll(archive));

    [Theory]
    [InlineData("v7", 90)]
    [InlineData("ustar", 220)]
    [InlineData("oldgnu", 600)]
    [InlineData("gnu", 600)]
    [InlineData("pax", 600)]
    public void Every_format_of_GNU_tar_is_read(string format, int longest)
    {
        string name = string.Join('/', Enumerable.Repeat(new string('n', 60), longest / 61));
        scratch.Write("t/" + (name.Length > 0 ? name : "n"), "deep");
        scratch.Write("t/empty", "");
        scratch.Write("t/large", new string('x', 700_000));
        scratch.Link("t/link", "some/where");
        if (longest > 300)
            scratch.Link("t/long-link", name);
        scratch.Run("ln", "t/large", "t/second");
        scratch.Run("chmod", "4711", "t/empty");
        scratch.Run("touch", "-d", "2001-02-03T04:05:06Z", "t/empty");
        if (format != "v7")
            scratch.Run("mkfifo", "t/fifo");
        if (format != "v7")
            scratch.Run("mknod", "t/device", "b", "7", "300");
        scratch.Run("tar", "--format=" + format, "-cf", "a.tar", "-C", "t", ".");

        foreach (int chunk in (int[])[int.MaxValue, 700])
        {
            LayerReport report = LayerExtractor.Extract(
                new ChunkedStream(File.ReadAllBytes(scratch.Path("a.tar")), chunk), scratch.MakeDirectory($"out{chunk}"), [], new LayerOptions());
            Assert.True(report.Entries > 5);
            SortedDictionary<string, string> truth = TreeSnapshot.OfHost(scratch.Path("t"), details: true);
            SortedDictionary<string, string> seen = TreeSnapshot.OfHost(scratch.Path($"out{chunk}"), details: true);
            // Only pax keeps parts of a second.
            if (format != "pax")
            {
                foreach (string path in truth.Keys.ToList())
                    truth[path] = System.Text.RegularExpressions.Regex.Replace(truth[path], "Nanoseconds = \\d+", "Nanoseconds = 0");
            }

            Assert.Equal(truth, seen);
        }
    }

    [Theory]
    [InlineData("oldgnu", "0.0")]
    [InlineData("gnu", "0.0")]
    [InlineData("pax", "0.0")]
    [InlineData("pax", "0.1")]
    [InlineData("pax", "1.0")]
    public void Every_sparse_form_of_GNU_tar_is_read(string format, string version)
    {
        foreach ((string name, int parts, long size) in ((string, int, long)[])[("hole", 0, 100_000), ("few", 3, 1_000_000), ("many", 60, 60 * 65536 + 10)])
        {
            using var file = LinuxFile.Open(scratch.Path(name), OpenFlags.Create | OpenFlags.WriteOnly, 0x1a4);
            for (int i = 0; i < parts; i++)
                LinuxFile.Write(file, Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), 4096)), i * 65536L, name);
            LinuxFile.SetLength(file, size, name);
        }

        scratch.Run("tar", "--sparse", "--sparse-version=" + version, "--format=" + format, "-cf", "a.tar", "hole", "few", "many");
        LayerExtractor.Extract(File.OpenRead(scratch.Path("a.tar")), scratch.MakeDirectory("out"), [], new LayerOptions());

        foreach (string name in (string[])["hole", "few", "many"])
        {
            Assert.Equal(File.ReadAllBytes(scratch.Path(name)), File.ReadAllBytes(scratch.Path("out/" + name)));
            // A file system counts its own index of a file's pieces in, which may take a block more or less.
            const long IndexBlocks = 16;
            Assert.InRange(LinuxFile.Status(scratch.Path("out/" + name)).Blocks, 0, LinuxFile.Status(scratch.Path(name)).Blocks + IndexBlocks);
        }

        // As zeros where no hole can be made.
        (TarEntry Entry, byte[] Content) few = ReadAll(File.ReadAllBytes(scratch.Path("a.tar"))).Single(e => e.Entry.Name == "few");
        Assert.Equal(File.ReadAllBytes(scratch.Path("few")), few.Content);
    }

    [Fact]
    public void Attributes_by_GNU_tar_are_read_byte_for_byte()
    {
        scratch.Write("f", "");
        byte[] value = [0, 1, 2, (byte)'\n', (byte)'=', 0xff, 0];
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("f"), "user.a=b%", value));
        Assert.Equal(Errno.None, LinuxFile.TrySetXattr(scratch.Path("f"), "trusted.t", []));
        scratch.Run("tar", "--xattrs", "--xattrs-include=*", "--format=pax", "-cf", "a.tar", "f");

        IReadOnlyList<TarXattr> xattrs = ReadAll(File.ReadAllBytes(scratch.Path("a.tar"))).Single().Entry.Xattrs;
        Assert.Equal(value, xattrs.Single(x => x.Name == "user.a=b%").Value);
        Assert.Empty(xattrs.Single(x => x.Name == "trusted.t").Value);
    }

    [Theory]
    [InlineData("GNU_FORMAT")]
    [InlineData("PAX_FORMAT")]
    public void Large_and_negative_numbers_by_Python_are_read(string format)
    {
        scratch.Write("make.py", $"""
            import tarfile
            with tarfile.open("a.tar", "w", format=tarfile.{format}) as t:
                i = tarfile.TarInfo("x"); i.mtime = -5; i.uid = 4000000000; i.gid = 3000000; t.addfile(i)
                i = tarfile.TarInfo("y"); i.mtime = 2**40; t.addfile(i)
            """);
        scratch.Run("python3", "make.py");

        List<(TarEntry Entry, byte[] Content)> all = ReadAll(File.ReadAllBytes(scratch.Path("a.tar")));
        Assert.Equal((new UnixTime(-5, 0), 4000000000u, 3000000u), (all[0].Entry.ModifiedTime, all[0].Entry.Uid, all[0].Entry.Gid));
        Assert.Equal(new UnixTime(1L << 40, 0), all[1].Entry.ModifiedTime);
    }

    [Fact]
    public void Global_headers_hold_until_a_files_own_and_an_empty_value_takes_one_away()
    {
        byte[] archive = new TestArchive()
            .Add('g', "global", content: TestArchive.Records(("uid", "7"u8.ToArray()), ("mtime", "9.000000001"u8.ToArray()), ("hdrcharset", "BINARY"u8.ToArray())))
            .File("a")
            .Pax(("uid", "8"u8.ToArray()), ("mtime", [])).File("b")
            .File("c").End();

        List<(TarEntry Entry, byte[] Content)> all = ReadAll(archive);
        Assert.Equal([7u, 8u, 7u], all.Select(e => e.Entry.Uid));
        Assert.Equal([new UnixTime(9, 1), new UnixTime(1000, 0), new UnixTime(9, 1)], all.Select(e => e.Entry.ModifiedTime));
    }

    [Theory]
    [InlineData("1.5", 1, 500_000_000)]
    [InlineData("0.0000000019", 0, 1)]
    [InlineData("-1", -1, 0)]
    [InlineData("-1.5", -2, 500_000_000)]
    [InlineData("-0.25", -1, 750_000_000)]
    [InlineData("-0.0000000001", -1, 999_999_999)]
    [InlineData("12.", 12, 0)]
    public void Times_are_read_to_the_nanosecond(string text, long seconds, uint nanoseconds)
    {
        byte[] archive = new TestArchive().Pax(("mtime", Encoding.ASCII.GetBytes(text)), ("atime", Encoding.ASCII.GetBytes(text))).File("a").End();
        TarEntry entry = ReadAll(archive).Single().Entry;
        Assert.Equal((new UnixTime(seconds, nanoseconds), new UnixTime(seconds, nanoseconds)), (entry.ModifiedTime, entry.AccessedTime));
    }

    [Fact]
    public void Old_letters_have_their_meaning_and_unknown_ones_are_named()
    {
        byte[] archive = new TestArchive()
            .Add('V', "label").Add('7', "contiguous", content: "c"u8.ToArray()).Add('\0', "old").Add('\0', "old-directory/")
            .Add('M', "part", content: "m"u8.ToArray()).Add('D', "dump", content: "Yname\0"u8.ToArray()).File("last").End();

        Assert.Equal(
            [("contiguous", TarEntryType.Regular), ("old", TarEntryType.Regular), ("old-directory/", TarEntryType.Directory), ("dump", TarEntryType.Directory), ("last", TarEntryType.Regular)],
            ReadAll(archive).Select(e => (e.Entry.Name, e.Entry.Type)));
        string message = Refused(new TestArchive().File("ok").Add('Q', "odd").End()).Message;
        Assert.Contains("'Q'", message);
        Assert.Contains("test.tar: entry 2", message);
    }

    [Fact]
    public void A_checksum_of_signed_bytes_is_accepted_and_a_wrong_one_refused()
    {
        byte[] name = [0xe9, (byte)'t', 0xe9];
        byte[] archive = new TestArchive().File(PathBytes.Decode(name), "x").End();
        int signed = 0;
        for (int i = 0; i < 512; i++)
            signed += i is >= 148 and < 156 ? ' ' : (sbyte)archive[i];
        Encoding.ASCII.GetBytes(Convert.ToString(signed, 8).PadLeft(6, '0')).CopyTo(archive, 148);
        archive[154] = 0;
        Assert.Equal(name, PathBytes.Encode(ReadAll(archive).Single().Entry.Name));

        archive[0]++;
        Assert.Contains("checksum", Refused(archive).Message);
    }

    [Fact]
    public void A_missing_end_marker_is_tolerated_and_anything_shorter_is_not()
    {
        byte[] whole = new TestArchive().File("first", "1").Pax(("path", "second"u8.ToArray())).File("x", new string('2', 600)).WithoutEnd();
        int[] boundaries = [0, 1024, whole.Length];
        for (int length = 0; length <= whole.Length; length++)
        {
            if (boundaries.Contains(length))
                Assert.Equal(Array.IndexOf(boundaries, length), ReadAll(whole[..length]).Count);
            else
                Assert.Contains(length < 1024 ? "entry 1" : "entry 2", Refused(whole[..length]).Message);
        }

        Assert.Single(ReadAll([.. whole[..1024], .. new byte[512]]));
        Assert.Contains("block of zeros", Refused([.. whole[..1024], .. new byte[512], .. whole]).Message);
    }

    [Theory]
    [InlineData("x", "2 a=b\n")]
    [InlineData("x", "7 a=b\n")]
    [InlineData("x", "5 abc\n")]
    [InlineData("x", "99999999999999999999 a=b\n")]
    [InlineData("x", "11 size=-1\n")]
    [InlineData("x", "11 path=\0a\n")]
    [InlineData("x", "12 mtime=1x\n")]
    [InlineData("x", "25 GNU.sparse.map=0,1,2\n")]
    public void Malformed_extended_headers_are_refused(string type, string records)
    {
        Assert.Contains("entry 1", Refused(new TestArchive().Add(type[0], "pax", content: Encoding.ASCII.GetBytes(records)).File("f").End()).Message);
    }

    [Fact]
    public void Headers_beyond_the_limits_are_refused_before_they_are_read()
    {
        Assert.Contains("1048576", Refused(new TestArchive().Add('x', "pax", size: 1048577).File("f").End()).Message);
        Assert.Contains("65536", Refused(new TestArchive().Add('L', "long", size: 65537).File("f").End()).Message);
        Assert.Contains("65536", Refused(new TestArchive().Pax(("path", new byte[70000].Select(_ => (byte)'n').ToArray())).File("f").End()).Message);
    }

    [Theory]
    [InlineData("0,1,0,1")]
    [InlineData("0,2,9,2")]
    [InlineData("0,1")]
    [InlineData("5,9223372036854775807")]
    public void Sparse_maps_that_do_not_fit_the_file_are_refused(string map)
    {
        Refused(new TestArchive().Pax(("GNU.sparse.size", "10"u8.ToArray()), ("GNU.sparse.map", Encoding.ASCII.GetBytes(map))).File("s", "abcd").End());
    }

    [Fact]
    public void Changed_bytes_never_end_in_anything_but_an_error_of_the_archive()
    {
        byte[] good = new TestArchive().Directory("d")
            .Pax(("path", "d/x"u8.ToArray()), ("mtime", "-1.5"u8.ToArray()), ("SCHILY.xattr.user.a", [0, 1])).File("f", "content")
            .Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.realsize", "5000"u8.ToArray())).Add('0', "s", content: [.. Encoding.ASCII.GetBytes("1\n4096\n3\n".PadRight(512, '\0')), 1, 2, 3])
            .Add('S', "old", content: []).Link("l", "t").Add('L', "n", content: "long\0"u8.ToArray()).File("x").End();

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                    bytes[at] = value;
                // The change is to get past the checksum.
                for (int block = 0; block < bytes.Length; block += 512)
                    Mend(bytes.AsSpan(block, 512));
                try
                {
                    TarReader reader = new(new MemoryStream(bytes), "test.tar");
                    while (reader.Next() is not null)
                    {
                    }
                }
                catch (TarException)
                {
                    // The one allowed way to end.
                }
            },
            iter: 5000,
            threads: 1);
    }

    static void Mend(Span<byte> block)
    {
        if (!block[257..262].SequenceEqual("ustar"u8))
            return;
        block[148..156].Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(7, '0')).CopyTo(block[148..]);
    }

    /// <summary>Gives few bytes at a time, as a pipe does.</summary>
    sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
