namespace Decant.Images.Tests;

/// <content>Sparse files in GNU's four forms, and maps that lie.</content>
static partial class CorpusCases
{
    static void SparseFiles(List<CorpusCase> cases)
    {
        const string Rule = "GNU tar's manual, Sparse Formats";
        CorpusEntry sparse = new("s", "file") { Mode = 0x1a4, Content = [(byte)'a', .. new byte[4095], (byte)'b', (byte)'c', .. new byte[902]], Size = 5000 };
        cases.Applies("sparse-0.0", "offsets and lengths in records of their own", Rule,
            [New.Pax(("GNU.sparse.size", "5000"u8.ToArray()), ("GNU.sparse.numblocks", "2"u8.ToArray()), ("GNU.sparse.offset", "0"u8.ToArray()), ("GNU.sparse.numbytes", "1"u8.ToArray()),
                ("GNU.sparse.offset", "4096"u8.ToArray()), ("GNU.sparse.numbytes", "2"u8.ToArray())).File("s", "abc")], sparse);
        cases.Applies("sparse-0.1", "a map in one record", Rule, [New.Pax(("GNU.sparse.size", "5000"u8.ToArray()), ("GNU.sparse.numblocks", "2"u8.ToArray()), ("GNU.sparse.map", "0,1,4096,2"u8.ToArray()), ("GNU.sparse.name", "s"u8.ToArray())).File("GNUSparseFile.1/s", "abc")], sparse);
        cases.Applies("sparse-1.0", "a map before the content", Rule, [Sparse10("2\n0\n1\n4096\n2\n", "abc", "5000")], sparse);
        cases.Applies("sparse-old", "GNU's old form, with the map in the header", Rule, [New.AddBlock(OldSparse((0, 1), (4096, 2)), "abc"u8.ToArray())], sparse);

        foreach ((string name, string what, string map) in (ReadOnlySpan<(string, string, string)>)[
            ("overlap", "parts overlap", "0,2,1,2"), ("backwards", "parts go backwards", "100,2,0,2"), ("overflow", "offset and length together overflow", "5,9223372036854775807"),
            ("beyond-size", "a part ends beyond the file", "4999,4"), ("too-little", "the map tells less than is stored", "0,1"), ("too-much", "the map tells more than is stored", "0,100"), ("odd", "an offset without a length", "0,1,2")])
        {
            cases.Refuses($"sparse-map-{name}", what, Rule, New.Pax(("GNU.sparse.size", "5000"u8.ToArray()), ("GNU.sparse.map", Ascii(map))).File("s", "abcd"));
        }

        cases.Refuses("sparse-without-size", "a map and no size of the file", Rule, New.Pax(("GNU.sparse.map", "0,4"u8.ToArray())).File("s", "abcd"));
        cases.Either("sparse-size-enormous", "a file of 2^63 - 1 bytes, nearly all hole: some file systems hold it", "ftruncate(2): EFBIG",
            [New.Pax(("GNU.sparse.size", "9223372036854775807"u8.ToArray()), ("GNU.sparse.map", "0,4"u8.ToArray())).File("s", "abcd")], new CorpusEntry("s", "file") { Mode = 0x1a4, Size = long.MaxValue });
        cases.Refuses("sparse-1.0-count-lies", "a map that says more parts than it has", Rule, Sparse10("1000000\n0\n1\n", "abc", "5000"));
        cases.Refuses("sparse-1.0-count-enormous", "a map of 2^62 parts", Rule, Sparse10("4611686018427387904\n0\n1\n", "abc", "5000"));
        cases.Refuses("sparse-1.0-not-numbers", "a map of words", Rule, Sparse10("one\ntwo\n", "abc", "5000"));
        cases.Refuses("sparse-old-overlap", "GNU's old form with parts that overlap", Rule, New.AddBlock(OldSparse((0, 2), (1, 1)), "abc"u8.ToArray()));
        byte[] more = new byte[512];
        more[504] = 1;
        cases.Refuses("sparse-old-endless", "GNU's old form, where each block of the map promises another", Rule,
            [.. New.AddBlock(Spoiled(OldSparse((0, 1), (4096, 2)), 482, "\u0001"u8)).WithoutEnd(), .. more, .. more, .. more]);
    }

    static TestArchive Sparse10(string map, string content, string size) =>
        New.Pax(("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", Ascii(size)), ("GNU.sparse.name", "s"u8.ToArray()))
            .File("GNUSparseFile.1/s", map.PadRight(512, '\0') + content);

    static byte[] OldSparse(params (long Offset, long Length)[] parts)
    {
        byte[] block = New.Add('S', "s", size: 3).WithoutEnd()[..512];
        "ustar  \0"u8.CopyTo(block.AsSpan(257));
        block.AsSpan(345, 155).Clear();
        for (int i = 0; i < parts.Length; i++)
        {
            Spoiled(block, 386 + (i * 24), Ascii(Convert.ToString(parts[i].Offset, 8).PadLeft(11, '0')));
            Spoiled(block, 386 + (i * 24) + 12, Ascii(Convert.ToString(parts[i].Length, 8).PadLeft(11, '0')));
        }

        return Spoiled(block, 483, Ascii(Convert.ToString(5000, 8).PadLeft(11, '0')));
    }
}
