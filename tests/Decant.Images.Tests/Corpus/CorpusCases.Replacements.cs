using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>A later entry of a name replaces an earlier one, in its layer and over those below.</content>
static partial class CorpusCases
{
    static void Replacements(List<CorpusCase> cases)
    {
        const string Later = Spec + ", Applying Changesets: a later entry replaces an earlier one unless both are directories";
        cases.Applies("replace-duplicate-files", "a file twice: the later counts", Later, [New.File("a", "first, and longer").File("a", "second", 0x180)], File("a", "second", 0x180));
        cases.Applies("replace-duplicate-directories", "a directory twice: its content stays, its mode is the later", Later,
            [New.Directory("d").File("d/a", "1").Directory("d", 0x1c0)], CorpusEntry.Directory("d", 0x1c0), File("d/a", "1"));
        cases.Applies("replace-duplicates-in-spellings", "one file by four spellings of its name", Later, [New.File("a", "1").File("./a", "2").File("/a", "3").File(".//a", "4")], File("a", "4"));
        cases.Applies("replace-file-by-directory", "within a layer", Later, [New.File("a", "1").Directory("a").File("a/b", "2")], CorpusEntry.Directory("a"), File("a/b", "2"));
        cases.Applies("replace-directory-by-file", "within a layer, with all in it", Later, [New.Directory("a").File("a/b", "2").Directory("a/c").File("a", "1")], File("a", "1"));
        cases.Applies("replace-directory-by-symlink-and-back", "a directory, a link and a directory again", Later,
            [New.Directory("real").Directory("a").File("a/1", "1").Link("a", "real").File("a/2", "2").Directory("a").File("a/3", "3")],
            CorpusEntry.Directory("real"), File("real/2", "2"), CorpusEntry.Directory("a"), File("a/3", "3"));
        cases.Applies("replace-file-by-directory-above", "a layer has a directory where the one below has a file", Later, [New.File("a", "1"), New.Directory("a").File("a/b", "2")], CorpusEntry.Directory("a"), File("a/b", "2"));
        cases.Applies("replace-directory-by-file-above", "a layer has a file where the one below has a directory", Later, [New.Directory("a").File("a/b", "1"), New.File("a", "2")], File("a", "2"));
        cases.Applies("replace-directory-by-symlink-above", "a link instead of a directory of the layer below", Later, [New.Directory("a").File("a/b", "1"), New.Link("a", "c")], Link("a", "c"));
        cases.Applies("replace-directory-by-file-and-back-above", "a directory is a file in the second layer and a directory in the third", Later,
            [New.Directory("a").File("a/b", "1"), New.File("a", "2"), New.Directory("a").File("a/c", "3")], CorpusEntry.Directory("a"), File("a/c", "3"));
        cases.Applies("replace-symlink-by-directory-above", "a directory entry over a link replaces the link", Later,
            [New.Directory("real").File("real/x", "1").Link("a", "real"), New.Directory("a").File("a/y", "2")], CorpusEntry.Directory("real"), File("real/x", "1"), CorpusEntry.Directory("a"), File("a/y", "2"));
        cases.Applies("keep-symlink-below-implied-directory", "a name that only implies a directory leaves the link", Later,
            [New.Directory("real").Link("a", "real"), New.File("a/y", "2")], CorpusEntry.Directory("real"), File("real/y", "2"), Link("a", "real"));
        cases.Applies("replace-special-files", "a device, a pipe and a file take each other's place", Later,
            [New.Add('6', "a").Add('3', "b", device: (1, 3)).File("c", "1").Add('6', "b").File("a", "2").Add('3', "c", device: (1, 5))],
            File("a", "2"), Fifo("b"), new CorpusEntry("c", "character device") { Mode = 0x1a4, Device = (1, 5) });
        cases.Applies("merge-directories-above", "directories of two layers merge, the upper's mode counts", Later,
            [New.Directory("d", 0x1c0).File("d/a", "1"), New.Directory("d").File("d/b", "2")], CorpusEntry.Directory("d"), File("d/a", "1"), File("d/b", "2"));
        cases.Applies("keep-directory-that-is-only-implied", "a directory that the upper layer only implies stays as it is below", Later,
            [New.Add('5', "d", mode: 0x3c9, uid: 7).File("d/a", "1"), New.File("d/b", "2")], CorpusEntry.Directory("d", 0x3c9) with { Uid = 7, Gid = 7 }, File("d/a", "1"), File("d/b", "2"));
        cases.Either("entry-below-file", "an entry below what is a file", "umoci TestUnpackEntryNonDirParent (issue 546) makes a directory of it",
            [New.File("nondir", "1").File("nondir/foo/bar/baz", "2")],
            CorpusEntry.Directory("nondir"), CorpusEntry.Directory("nondir/foo"), CorpusEntry.Directory("nondir/foo/bar"), File("nondir/foo/bar/baz", "2"));
        cases.Either("entry-below-file-of-lower-layer", "the same over two layers", "umoci TestUnpackEntryNonDirParent (issue 546) makes a directory of it",
            [New.File("nondir", "1"), New.File("nondir/foo", "2")], CorpusEntry.Directory("nondir"), File("nondir/foo", "2"));
        cases.Either("entry-below-device", "an entry below a device", "umoci TestUnpackEntryNonDirParent (issue 546) makes a directory of it",
            [New.Add('3', "p", device: (1, 3)).File("p/x", "x")], CorpusEntry.Directory("p"), File("p/x", "x"));
        cases.Applies("parents-are-implied", "a file whose directories no entry names", "umoci TestUnpackEntryParentDir; go-archive TestUntarParentPathPermissions: 0755 of root",
            [New.File("a/b/c/file", "creating parents")], CorpusEntry.Directory("a"), CorpusEntry.Directory("a/b"), CorpusEntry.Directory("a/b/c"), File("a/b/c/file", "creating parents"));
        cases.Applies("parents-described-later", "directories are described after what is in them", Later,
            [New.File("a/b/file", "1").Directory("a", 0x1c0).Directory("a/b", 0x140)], CorpusEntry.Directory("a", 0x1c0), CorpusEntry.Directory("a/b", 0x140), File("a/b/file", "1"));
        cases.Applies("directories-without-permission", "what is in a directory that may not be written or entered", "go-archive TestImpliedDirectoryPermissions",
            [New.Directory("explicit/", 0x1a4).Directory("explicit/permissions/", 0x180).Directory("explicit/permissions/specified/", 0x100).Directory("explicit/permissions/umask/", 0x1ff)
                .File("explicit/permissions/umask/file", "", 0x1b6).Directory("implied/dir-without-trailing-slash", 0x1c0).Directory("none", 0).File("none/file", "1")],
            CorpusEntry.Directory("explicit", 0x1a4), CorpusEntry.Directory("explicit/permissions", 0x180), CorpusEntry.Directory("explicit/permissions/specified", 0x100),
            CorpusEntry.Directory("explicit/permissions/umask", 0x1ff), File("explicit/permissions/umask/file", "", 0x1b6), CorpusEntry.Directory("implied"),
            CorpusEntry.Directory("implied/dir-without-trailing-slash", 0x1c0), CorpusEntry.Directory("none", 0), File("none/file", "1"));
    }
}
