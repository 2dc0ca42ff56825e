using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Archives that are damaged, odd in form, or not archives.</content>
static partial class CorpusCases
{
    static void Archives(List<CorpusCase> cases)
    {
        const string Rule = "IEEE Std 1003.1, ustar and pax";
        cases.Applies("archive-empty", "an end marker and nothing else", Rule, [New.File("a", "1"), New], File("a", "1"));
        cases.Add(new CorpusCase("archive-of-no-bytes", "not even an end marker", "tars that were cut at a boundary are read", CorpusExpectation.Either, [[]], []));
        cases.Add(new CorpusCase("archive-without-end", "the end marker is missing", "GNU tar reads it with a warning", CorpusExpectation.Either, [New.File("a", "1").WithoutEnd()], [File("a", "1")]));
        cases.Add(new CorpusCase("archive-with-more-after-end", "blocks after the end marker mean nothing", Rule, CorpusExpectation.Apply, [[.. New.File("a", "1").End(), .. New.File("b", "2").End()]], [File("a", "1")]));
        cases.Refuses("archive-with-single-zero-block", "one block of zeros in the middle", Rule + ": two blocks of zeros end an archive", [.. New.File("a", "1").WithoutEnd(), .. new byte[512], .. New.File("b", "2").End()]);
        byte[] whole = New.File("a", "1").File("b", new string('x', 900)).WithoutEnd();
        cases.Refuses("truncated-in-header", "the archive ends in a header", Rule, whole[..1300]);
        cases.Refuses("truncated-in-content", "the archive ends in a file", Rule, whole[..2000]);
        cases.Refuses("truncated-in-padding", "the archive ends after the last byte of a file, before its block is full", Rule, whole[..(1536 + 900)]);
        cases.Refuses("truncated-in-pax", "the archive ends in a pax header", Rule, New.Pax(("path", new byte[600].Select(_ => (byte)'n').ToArray())).WithoutEnd()[..900]);
        cases.Refuses("pax-without-entry", "a pax header that belongs to no entry", Rule, New.File("a", "1").Pax(("path", "b"u8.ToArray())));
        byte[] wrong = New.File("a", "1").File("b", "2").End();
        wrong[1024]++;
        cases.Refuses("checksum-wrong", "a header whose checksum is wrong", Rule, wrong);
        cases.Refuses("type-unknown", "an entry of a type that nobody knows", Rule, New.File("a", "1").Add('Q', "b"));
        cases.Refuses("size-negative", "a size of -1 in base 256", Rule, New.AddBlock(With(Header("a"), 124, 12, -1)));
        cases.Refuses("size-negative-pax", "a size of -1 in pax", Rule, New.Pax(("size", "-1"u8.ToArray())).File("a"));
        cases.Refuses("size-enormous", "a size of 2^63 - 1", Rule, New.AddBlock(With(Header("a"), 124, 12, long.MaxValue)));
        cases.Refuses("size-beyond-end", "a size that goes beyond the archive", Rule, New.Add('0', "a", size: 100_000));
        cases.Refuses("size-not-octal", "a size with a letter", Rule, New.AddBlock(Spoiled(Header("a"), 124, "0000000001z"u8)));
        cases.Refuses("size-of-pax-beyond-limit", "a pax header of 2 GiB", "decant: --limit header", New.Add('x', "pax", size: 1L << 31).File("a"));
        cases.Refuses("size-of-long-name-beyond-limit", "a GNU long name of 2 GiB", "decant: --limit name", New.Add('L', "././@LongLink", size: 1L << 31).File("a"));
        foreach ((string name, string what, string records) in (ReadOnlySpan<(string, string, string)>)[
            ("pax-record-too-short", "a record shorter than its length says", "7 a=b\n"), ("pax-record-length-zero", "a record of length 0", "0 a=b\n"), ("pax-record-without-equals", "a record without a value", "5 abc\n"),
            ("pax-record-length-enormous", "a record with a length beyond 64 bits", "99999999999999999999 a=b\n"), ("pax-record-without-length", "a record that does not begin with a number", "path=x\n")])
        {
            cases.Refuses(name, what, Rule, New.Add('x', "pax", content: Ascii(records)).File("f"));
        }

        cases.Refuses("not-an-archive", "text", Rule, [.. Enumerable.Range(0, 2048).Select(i => (byte)("no archive "[i % 11]))]);
        cases.Refuses("archive-in-cpio", "another kind of archive", Rule, [.. "070701"u8, .. new byte[1018]]);
    }

    static byte[] Spoiled(byte[] header, int offset, ReadOnlySpan<byte> text)
    {
        text.CopyTo(header.AsSpan(offset));
        return header;
    }
}
