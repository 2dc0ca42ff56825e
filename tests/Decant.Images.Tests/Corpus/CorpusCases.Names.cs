using System.Text;
using Decant.Linux;
using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Names as archives can have them.</content>
static partial class CorpusCases
{
    static readonly string NotUtf8 = PathBytes.Decode([0xc3, 0x28, 0xff, (byte)'x']);

    static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    static void Names(List<CorpusCase> cases)
    {
        const string Rule = "IEEE Std 1003.1: a name is any bytes but NUL and /";
        cases.Applies("names-odd", "newlines, blanks, quotes, backslashes, controls, bytes that are not UTF-8", Rule,
            [New.File("new\nline", "1").File(" ", "2").File("'\"`$(x)", "3").File("back\\slash", "4").File("\u0001\u001b[31m", "5").File(NotUtf8, "6").File("-rf", "7").File("ümlaut", "8").Directory("a\nb").File("a\nb/c", "9")],
            File("new\nline", "1"), File(" ", "2"), File("'\"`$(x)", "3"), File("back\\slash", "4"), File("\u0001\u001b[31m", "5"), File(NotUtf8, "6"), File("-rf", "7"), File("ümlaut", "8"), CorpusEntry.Directory("a\nb"), File("a\nb/c", "9"));
        cases.Applies("names-with-dots", "names that begin like .. but are not", "go-archive TestChrootApplyDotDotFile",
            [New.File("..gitme", "1").File("...", "2").File(".a", "3").File("a..", "4").Directory("..d").File("..d/x", "5")],
            File("..gitme", "1"), File("...", "2"), File(".a", "3"), File("a..", "4"), CorpusEntry.Directory("..d"), File("..d/x", "5"));
        cases.Applies("names-with-empty-parts", "doubled slashes and dots in a name", Rule, [New.File("a//b", "1").File("./c/./d", "2").File("/e", "3").Directory("./").Directory("f///")],
            CorpusEntry.Directory("a"), File("a/b", "1"), CorpusEntry.Directory("c"), File("c/d", "2"), File("e", "3"), CorpusEntry.Directory("f"));
        cases.Applies("names-dotdot-inside", ".. within a name takes the part before it away", InRoot, [New.File("a/../b", "1").File("c/d/../../e", "2")], File("b", "1"), File("e", "2"));
        cases.Either("name-of-file-ends-in-slash", "a file whose name ends in a slash", "v7 knew directories by it", [New.File("a/", "1")], File("a", "1"));
        cases.Either("name-empty", "an entry without a name", "no such name", [New.File("", "1").File("a", "2")], File("a", "2"));
        cases.Applies("name-of-255-bytes", "the longest name", "NAME_MAX", [New.Pax(("path", Ascii(new string('n', 255)))).File("x", "1")], File(new string('n', 255), "1"));
        cases.Refuses("name-of-256-bytes", "one byte more", "NAME_MAX", New.Pax(("path", Ascii(new string('n', 256)))).File("x", "1"));
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 250), 20));
        cases.Either("path-of-5000-bytes", "a path longer than PATH_MAX", "PATH_MAX is of one call, not of the tree", [New.Pax(("path", Ascii(deep + "/f"))).File("x", "1")],
            [.. Enumerable.Range(1, 20).Select(count => CorpusEntry.Directory(string.Join('/', Enumerable.Repeat(new string('d', 250), count)))), File(deep + "/f", "1")]);
        cases.Refuses("name-with-nul", "a pax path with a NUL byte", "a name is any bytes but NUL and /", New.Pax(("path", "a\0b"u8.ToArray())).File("x", "1"));
        cases.Refuses("link-target-with-nul", "a pax linkpath with a NUL byte", "a name is any bytes but NUL and /", New.Pax(("linkpath", "a\0b"u8.ToArray())).Link("x", "y"));
        cases.Applies("name-pax-empty", "an empty pax path takes an earlier one away", "IEEE Std 1003.1, pax: a zero length value deletes",
            [New.Add('g', "g", content: TestArchive.Records(("path", "global"u8.ToArray()))).Pax(("path", [])).File("x", "1")], File("x", "1"));
        cases.Applies("name-pax-over-gnu", "pax path before GNU long name", "pax goes before the header", [New.Add('L', "././@LongLink", content: "gnu\0"u8.ToArray()).Pax(("path", "pax"u8.ToArray())).File("x", "1")], File("pax", "1"));
        cases.Applies("name-gnu-long", "a GNU long name, and a long link", "GNU tar's manual",
            [New.Add('L', "././@LongLink", content: Ascii(new string('n', 150) + "\0")).File("x", "1").Add('K', "././@LongLink", content: Ascii(new string('t', 150) + "\0")).Link("l", "t")],
            File(new string('n', 150), "1"), Link("l", new string('t', 150)));
        cases.Refuses("name-gnu-long-empty", "a GNU long name of nothing", "no such name", New.Add('L', "././@LongLink", content: "\0"u8.ToArray()).File("x", "1"));
        cases.Applies("name-global-header", "the name of a global header is no file", "go-archive TestXGlobalNoParent", [New.Add('g', "foo/bar", content: TestArchive.Records(("comment", "x"u8.ToArray()))).File("a", "1")], File("a", "1"));
        cases.Applies("name-gnu-prefix", "GNU keeps times where POSIX has the front of a name", "go-archive TestUntarUstarGnuConflict", [GnuWithTimes()], File("man3", "1"));
        cases.Applies("names-many-pax-headers", "pax headers of one entry add up, the later counts", "IEEE Std 1003.1, pax", [New.Pax(("path", "a"u8.ToArray()), ("mtime", "5"u8.ToArray())).Pax(("path", "b"u8.ToArray())).File("x", "1")],
            File("b", "1") with { Modified = new UnixTime(5, 0) });
    }

    static TestArchive GnuWithTimes()
    {
        byte[] block = new TestArchive().File("man3", "1").WithoutEnd()[..512];
        "ustar  \0"u8.CopyTo(block.AsSpan(257));
        "12345670123\0"u8.CopyTo(block.AsSpan(345));
        return New.AddBlock(block, "1"u8.ToArray());
    }
}
