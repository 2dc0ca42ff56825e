using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Opaque directories: .wh..wh..opq hides all that the layers below have in a directory.</content>
static partial class CorpusCases
{
    const string Mark = ".wh..wh..opq";

    static void OpaqueDirectories(List<CorpusCase> cases)
    {
        const string Opaque = Spec + ", Opaque Whiteout";
        OpaqueOverLayers(cases, Opaque);
        MobyWhiteouts(cases);

        foreach (bool last in (ReadOnlySpan<bool>)[false, true])
        {
            TestArchive upper = New.Directory("d");
            upper = last ? upper.File("d/new", "3").Directory("d/sub").File("d/sub/new", "4").File($"d/{Mark}") : upper.File($"d/{Mark}").File("d/new", "3").Directory("d/sub").File("d/sub/new", "4");
            cases.Applies(last ? "opaque-mark-last" : "opaque-mark-first", $"the mark is the {(last ? "last" : "first")} entry of its directory", Opaque + ": hides lower layers only, wherever it stands",
                [New.Directory("d").File("d/old", "1").Directory("d/sub").File("d/sub/old", "2"), upper],
                CorpusEntry.Directory("d"), File("d/new", "3"), CorpusEntry.Directory("d/sub"), File("d/sub/new", "4"));
        }

        cases.Applies("opaque-root", "the root itself is opaque", Opaque + "; go-archive TestApplyLayerWhiteouts",
            [New.Directory("d").File("d/a", "1").File("b", "2"), New.File(Mark).Directory("d").File("c", "3")], CorpusEntry.Directory("d"), File("c", "3"));
        cases.Applies("opaque-new-directory", "the mark in a directory that no layer below has", Opaque + "; umoci TestUnpackEntry_OverlayfsRootfs_Whiteout_MissingDirs",
            [New.File("keep"), New.File($"a/b/c/{Mark}")], File("keep"), CorpusEntry.Directory("a"), CorpusEntry.Directory("a/b"), CorpusEntry.Directory("a/b/c"));
        cases.Applies("opaque-keeps-metadata", "a directory that only its mark names stays as it was below", Opaque,
            [New.Directory("d", 0x1c9).File("d/a", "1"), New.File($"d/{Mark}")], CorpusEntry.Directory("d", 0x1c9));
        cases.Applies("opaque-over-file", "a directory with the mark replaces a file", Opaque,
            [New.File("d", "file"), New.Directory("d").File($"d/{Mark}").File("d/a", "1")], CorpusEntry.Directory("d"), File("d/a", "1"));
        cases.Either("opaque-below-file", "the mark below what is a file below", "umoci TestUnpackEntry_OverlayfsRootfs_Whiteout_MissingDirs makes a directory of it",
            [New.File("d", "file"), New.File($"d/{Mark}")], CorpusEntry.Directory("d"));
        cases.Applies("opaque-through-symlink", "the mark through a link hides what the link's directory has", InRoot,
            [New.Directory("real").File("real/old", "1").Link("link", "/real"), New.File($"link/{Mark}").File("link/new", "2")],
            CorpusEntry.Directory("real"), File("real/new", "2"), Link("link", "/real"));
        cases.Applies("opaque-and-whiteout", "an opaque directory with a whiteout in it", Opaque,
            [New.Directory("d").File("d/a", "1").File("d/b", "2"), New.Directory("d").File("d/.wh.a").File($"d/{Mark}").File("d/c", "3")], CorpusEntry.Directory("d"), File("d/c", "3"));
        cases.Applies("opaque-and-whiteout-of-itself", "a directory that is removed and opaque", Opaque + "; umoci TestUnpackEntry_OverlayfsRootfs_Whiteout_MissingDirs",
            [New.Directory("d").File("d/a", "1"), New.File(".wh.d").File($"d/{Mark}")], CorpusEntry.Directory("d"));
        cases.Applies("opaque-nested", "opaque directories within each other, the innermost first", Opaque + "; umoci TestUnpackEntry_OverlayfsRootfs_Whiteout_Nested",
            [New.File("o/1", "x").File("o/a/b/2", "x").File("o/a/b/c/d/3", "x"), New.File($"o/a/b/c/d/{Mark}").File($"o/a/b/{Mark}").File($"o/{Mark}")],
            CorpusEntry.Directory("o"), CorpusEntry.Directory("o/a"), CorpusEntry.Directory("o/a/b"), CorpusEntry.Directory("o/a/b/c"), CorpusEntry.Directory("o/a/b/c/d"));
        cases.Applies("opaque-inner-whiteouts", "whiteouts before and after the mark of a directory above them", "umoci TestUnpackEntry_OverlayfsRootfs_Whiteout_Nested",
            [New.File("o/foo/before", "x").File("o/a/b/after", "x"), New.Directory("o/foo").File("o/foo/.wh.before").File("o/regfile", "1").File($"o/{Mark}").File("o/a/b/.wh.after").Directory("o/a/b").File("o/a/regfile", "2")],
            CorpusEntry.Directory("o"), CorpusEntry.Directory("o/foo"), File("o/regfile", "1"), CorpusEntry.Directory("o/a"), CorpusEntry.Directory("o/a/b"), File("o/a/regfile", "2"));
        cases.Applies("opaque-with-content", "the content of a mark means nothing", Opaque, [New.File("d/a", "1"), New.File($"d/{Mark}", "text").File("d/b", "2")], CorpusEntry.Directory("d"), File("d/b", "2"));
        cases.Either("opaque-as-directory", "a mark that is a directory, with a file in it", Opaque + ": an empty file",
            [New.File("d/a", "1"), New.Directory($"d/{Mark}").File($"d/{Mark}/x", "2")], CorpusEntry.Directory("d"));
        cases.Applies("opaque-twice", "two layers with the same opaque directory", Opaque,
            [New.File("d/a", "1"), New.File($"d/{Mark}").File("d/b", "2"), New.File($"d/{Mark}").File("d/c", "3")], CorpusEntry.Directory("d"), File("d/c", "3"));
        cases.Applies("opaque-then-merged", "a layer above an opaque directory merges with it", Opaque,
            [New.File("d/a", "1"), New.File($"d/{Mark}").File("d/b", "2"), New.File("d/c", "3")], CorpusEntry.Directory("d"), File("d/b", "2"), File("d/c", "3"));
        cases.Applies("opaque-hard-link-to-hidden", "a hard link to a file of the layer below, made before the directory is hidden", Spec,
            [New.File("d/a", "1"), New.HardLink("kept", "d/a").File($"d/{Mark}")], CorpusEntry.Directory("d"), File("kept", "1"));
    }

    /// <summary>umoci's table: which of the entries of two layers are left after a mark at the end of the upper.</summary>
    static void OpaqueOverLayers(List<CorpusCase> cases, string rule)
    {
        string Rule(string test) => $"{rule}; umoci TestUnpackOpaqueWhiteout/{test}";
        cases.Applies("opaque-empty", "an opaque directory over an empty one", Rule("EmptyDir"), [New.Directory("t"), New.File($"t/{Mark}")], CorpusEntry.Directory("t"));
        cases.Applies("opaque-one-level", "some entries of one directory are new", Rule("OneLevel"),
            [New.Directory("t").File("t/file").Add('6', "t/fifo"), New.Link("t/link", "..").Link("t/badlink", "./nothing").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), Link("t/link", ".."), Link("t/badlink", "./nothing"));
        cases.Applies("opaque-one-level-no-upper", "none is new", Rule("OneLevelNoUpper"),
            [New.Directory("t").File("t/file").Link("t/link", "..").Link("t/badlink", "./nothing").Add('6', "t/fifo"), New.File($"t/{Mark}")], CorpusEntry.Directory("t"));
        TestArchive Two(TestArchive archive) => archive.Link("t/link", "..").Link("t/badlink", "./nothing").Link("t/dir/link", "../badlink").Link("t/dir/verybadlink2", "/../../../../../../../etc/shadow");
        cases.Applies("opaque-two-levels", "some entries of a directory in the directory are new", Rule("TwoLevel"),
            [Two(New.Directory("t")), New.File("t/file").Directory("t/dir").Add('\0', "t/dir/file").Link("t/dir/verybadlink", "../../../../../../../etc/shadow").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), File("t/file"), CorpusEntry.Directory("t/dir"), File("t/dir/file"), Link("t/dir/verybadlink", "../../../../../../../etc/shadow"));
        cases.Applies("opaque-two-levels-no-upper", "none is new", Rule("TwoLevelNoUpper"),
            [Two(New.Directory("t").File("t/file").Directory("t/dir")).File("t/dir/file"), New.File($"t/{Mark}")], CorpusEntry.Directory("t"));
        TestArchive Many() => New.Directory("t").Link("t/1_link", "..").File("t/1a/2_file").Directory("t/1a/2a").File("t/1a/2a/3_A").File("t/1a/2a/3_B").File("t/1a/2b/3_B")
            .Directory("t/1a/2b/3").Directory("t/1a/2b/3/4").Directory("t/1b").File("t/1b/2_A").Directory("t/1b/2").File("t/1b/2/3_file");
        cases.Applies("opaque-many-levels", "some entries of deep directories are new", Rule("MultiLevel"),
            [Many(), New.File("t/1_file").Directory("t/1a").Link("t/1a/2_link", "../../../").Directory("t/1a/2b").File("t/1a/2b/3_A").File("t/1a/2b/3_A").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), File("t/1_file"), CorpusEntry.Directory("t/1a"), Link("t/1a/2_link", "../../../"), CorpusEntry.Directory("t/1a/2b"), File("t/1a/2b/3_A"));
        cases.Applies("opaque-many-levels-no-upper", "none is new", Rule("MultiLevelNoUpper"), [Many(), New.File($"t/{Mark}")], CorpusEntry.Directory("t"));
        cases.Applies("opaque-missing-ancestor", "the upper layer has a file in directories that it does not name", Rule("MissingUpperAncestor"),
            [New.Directory("t").Directory("t/some").Directory("t/some/dir").Directory("t/another").Directory("t/another/dir").File("t/another/dir/somewhere"), New.File("t/some/dir/somewhere").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), CorpusEntry.Directory("t/some"), CorpusEntry.Directory("t/some/dir"), File("t/some/dir/somewhere"));
        cases.Applies("opaque-upper-whiteouts", "whiteouts of what the upper layer itself has, before and after it", Rule("UpperWhiteout"),
            [New.Directory("t").File("t/fileC"), New.File("t/.wh.fileB").File("t/fileA").File("t/fileB").File("t/.wh.fileA").File("t/.wh.fileC").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), File("t/fileA"), File("t/fileB"));
        cases.Applies("opaque-upper-directory-whiteouts", "the same of directories", Rule("UpperDirWhiteout"),
            [New.Directory("t").File("t/file").Link("t/dir1/link", "../badlink"),
                New.File("t/.wh.dir2").Directory("t/dir1").File("t/dir1/file").Link("t/dir1/verybadlink", "../../../etc/shadow").File("t/.wh.dir1").Directory("t/dir2").File("t/dir2/file").File($"t/{Mark}")],
            CorpusEntry.Directory("t"), CorpusEntry.Directory("t/dir1"), File("t/dir1/file"), Link("t/dir1/verybadlink", "../../../etc/shadow"), CorpusEntry.Directory("t/dir2"), File("t/dir2/file"));
    }

    /// <summary>go-archive's TestApplyLayerWhiteouts: four layers, and what is there after each.</summary>
    static void MobyWhiteouts(List<CorpusCase> cases)
    {
        static TestArchive Layer(params string[] paths)
        {
            TestArchive archive = New;
            foreach (string path in paths)
                archive = path[^1] == '/' ? archive.Directory(path, 0x1c0) : archive.File(path, "", 0x180);
            return archive;
        }

        TestArchive[] layers =
        [
            Layer(".baz", "bar/", "bar/bax", "bar/bay/", "baz", "foo/", "foo/.abc", "foo/.bcd/", "foo/.bcd/a", "foo/cde/", "foo/cde/def", "foo/cde/efg", "foo/fgh", "foobar"),
            Layer(".bay", ".wh.baz", "foo/", "foo/.bce", "foo/.wh..wh..opq", "foo/cde/", "foo/cde/efg"),
            Layer(".bay", ".wh..baz", ".wh.foobar", "foo/", "foo/.abc", "foo/.wh.cde", "bar/"),
            Layer(".abc", ".wh..wh..opq", "foobar"),
        ];
        string[][] left =
        [
            [".baz", "bar/", "bar/bax", "bar/bay/", "baz", "foo/", "foo/.abc", "foo/.bcd/", "foo/.bcd/a", "foo/cde/", "foo/cde/def", "foo/cde/efg", "foo/fgh", "foobar"],
            [".bay", ".baz", "bar/", "bar/bax", "bar/bay/", "foo/", "foo/.bce", "foo/cde/", "foo/cde/efg", "foobar"],
            [".bay", "bar/", "bar/bax", "bar/bay/", "foo/", "foo/.abc", "foo/.bce"],
            [".abc", "foobar"],
        ];
        for (int count = 1; count <= layers.Length; count++)
        {
            cases.Applies($"whiteouts-of-{count}-layers", "whiteouts and opaque directories over several layers", "go-archive TestApplyLayerWhiteouts", layers[..count],
                [.. left[count - 1].Select(path => path[^1] == '/' ? CorpusEntry.Directory(path[..^1], 0x1c0) : File(path, "", 0x180))]);
        }
    }
}
