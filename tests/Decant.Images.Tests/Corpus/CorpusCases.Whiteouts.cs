using System.Text;
using Decant.Linux;
using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Whiteouts: names that begin with .wh. remove one of the layers below.</content>
static partial class CorpusCases
{
    static void Whiteouts(List<CorpusCase> cases)
    {
        const string Whiteout = Spec + ", Whiteouts";
        CorpusEntry etc = CorpusEntry.Directory("etc");
        CorpusEntry passwd = File("etc/passwd", "all users");

        foreach ((string name, string mark, string test) in (ReadOnlySpan<(string, string, string)>)[
            ("whiteout-of-nothing", ".wh.", "umoci TestUnpackEntryWhiteout/EmptyWhiteoutName-Root; go-archive TestOverlayUntarInvalidWhiteoutNames"),
            ("whiteout-of-nothing-in-directory", "etc/.wh.", "umoci TestUnpackEntryWhiteout/EmptyWhiteoutName"),
            ("whiteout-of-dot", ".wh..", "containerd TestBreakouts/WhiteoutRoot; go-archive TestOverlayUntarInvalidWhiteoutNames"),
            ("whiteout-of-dot-in-directory", "etc/.wh..", "containerd TestBreakouts/WhiteoutCurrentDirectory"),
            ("whiteout-of-dotdot", ".wh...", "containerd TestBreakouts/WhiteoutRootParent; go-archive TestOverlayUntarInvalidWhiteoutNames"),
            ("whiteout-of-dotdot-in-directory", "etc/.wh...", "containerd TestBreakouts/WhiteoutParent")])
        {
            cases.Refuses(name, $"{mark} would remove a directory or its parent", $"no such name; {test}", New.Directory("/etc/").File("/etc/passwd", "all users"), New.File(mark));
        }

        cases.Applies("whiteout-of-symlink", "the link goes, and not what it points to", $"{Whiteout}; containerd TestBreakouts/WhiteoutSymlink",
            [New.Directory("/etc/").File("/etc/passwd", "all users").Link("localetc", "/etc"), New.File(".wh.localetc")], etc, passwd);
        cases.Applies("whiteout-through-symlink", "a whiteout whose path leads through a link", $"{InRoot}; containerd TestBreakouts/WhiteoutSymlinkPath",
            [New.Directory("/etc/").File("/etc/passwd", "all users").File("/etc/whitedout", "gone").Link("localetc", "/etc"), New.File("localetc/.wh.whitedout")],
            etc, passwd, Link("localetc", "/etc"));
        cases.Either("whiteout-name-of-directory", "a directory whose name looks like a whiteout", "containerd TestBreakouts/WhiteoutDirectoryName",
            [New.Directory("/etc/").File("/etc/passwd", "all users"), New.File(".wh.etc/somefile", "non-empty")],
            etc, passwd, CorpusEntry.Directory(".wh.etc"), File(".wh.etc/somefile", "non-empty"));
        cases.Applies("whiteout-through-dead-symlink", "a whiteout through a link to nothing removes nothing", "containerd TestBreakouts/WhiteoutDeadSymlinkParent",
            [New.Directory("/etc/").File("/etc/passwd", "all users").Link("localetc", "/dne"), New.File("localetc/.wh.etc")], etc, passwd, Link("localetc", "/dne"));
        cases.Applies("whiteout-with-dotdot", "dne/../.wh.etc removes etc", "containerd TestBreakouts/WhiteoutRelativePath",
            [New.Directory("/etc/").File("/etc/passwd", "all users").Link("localetc", "/dne"), New.File("dne/../.wh.etc")], Link("localetc", "/dne"));

        TestArchive Lower() => New.Directory("some").Pax(("mtime", "123.000000456"u8.ToArray())).Directory("some/path")
            .File("some/path/file", "1").File("some/path/.hidden", "2").Directory("some/path/dir").File("some/path/dir/file1", "3").Directory("some/path/dir/.subdir").File("some/path/dir/.subdir/file3", "4")
            .File("rootpath", "5").File(".hiddenroot", "6");
        CorpusEntry path = CorpusEntry.Directory("some/path") with { Modified = new UnixTime(123, 456) };
        CorpusEntry[] all = [CorpusEntry.Directory("some"), path, File("some/path/file", "1"), File("some/path/.hidden", "2"), CorpusEntry.Directory("some/path/dir"),
            File("some/path/dir/file1", "3"), CorpusEntry.Directory("some/path/dir/.subdir"), File("some/path/dir/.subdir/file3", "4"), File("rootpath", "5"), File(".hiddenroot", "6")];
        foreach ((string name, string removed) in (ReadOnlySpan<(string, string)>)[
            ("file", "some/path/file"), ("hidden-file", "some/path/.hidden"), ("directory", "some/path/dir"), ("hidden-directory", "some/path/dir/.subdir"), ("file-of-root", "rootpath"), ("hidden-file-of-root", ".hiddenroot")])
        {
            int slash = removed.LastIndexOf('/');
            cases.Applies($"whiteout-{name}", $"{removed} is removed; its directory keeps its time", $"{Whiteout}; umoci TestUnpackEntryWhiteout",
                [Lower(), New.File($"{removed[..(slash + 1)]}.wh.{removed[(slash + 1)..]}")],
                [.. all.Where(entry => entry.Path != removed && !entry.Path.StartsWith(removed + "/", StringComparison.Ordinal))]);
        }

        cases.Applies("whiteout-of-missing-name", "a whiteout of what is not there leaves nothing", Whiteout,
            [New.Directory("d"), New.File("d/.wh.none").File("none/.wh.none")], CorpusEntry.Directory("d"));
        cases.Applies("whiteout-before-file", "a layer removes a file and has it anew", Whiteout + ": whiteouts hide lower layers only", [New.File("a", "old"), New.File(".wh.a").File("a", "new")], File("a", "new"));
        cases.Applies("whiteout-after-file", "the same, with the whiteout last", Whiteout + ": files of the same layer are hidden by later layers only; umoci TestUnpackEntry_OverlayfsRootfs_Whiteout says otherwise",
            [New.File("a", "old"), New.File("a", "new").File(".wh.a")], File("a", "new"));
        cases.Applies("whiteout-before-directory", "a layer removes a directory and has it anew", $"{Whiteout}; umoci TestUnpackEntry_OverlayfsRootfs_OpaqueWhiteoutConvert",
            [New.Directory("d").File("d/before", "x"), New.File(".wh.d").File("d/foo/bar", "1").File("d/abc/def", "2")],
            CorpusEntry.Directory("d"), CorpusEntry.Directory("d/foo"), File("d/foo/bar", "1"), CorpusEntry.Directory("d/abc"), File("d/abc/def", "2"));
        cases.Applies("whiteout-after-directory", "the same, with the whiteout last", $"{Whiteout}; umoci TestUnpackOpaqueWhiteout/UpperDirWhiteout",
            [New.Directory("d").File("d/before", "x"), New.Directory("d").File("d/foo", "1").File(".wh.d")], CorpusEntry.Directory("d"), File("d/foo", "1"));
        cases.Applies("whiteout-in-removed-directory", "a whiteout of a directory, and one of a name in it", Whiteout,
            [New.Directory("d").File("d/a", "1").File("d/b", "2"), New.File(".wh.d").File("d/.wh.a")]);
        cases.Applies("whiteout-twice", "the same whiteout twice", Whiteout, [New.File("a", "1").File("b", "2"), New.File(".wh.a").File(".wh.a")], File("b", "2"));
        cases.Applies("whiteout-and-again-above", "removed in one layer, back in the next", Whiteout,
            [New.Directory("d").File("d/a", "1").File("d/b", "2"), New.File("d/.wh.a"), New.File("d/a", "3")], CorpusEntry.Directory("d"), File("d/a", "3"), File("d/b", "2"));
        cases.Applies("whiteout-directory-then-file", "a directory is removed and a file has its name", Whiteout,
            [New.Directory("d").File("d/a", "1"), New.File(".wh.d").File("d", "file")], File("d", "file"));
        cases.Applies("whiteout-file-then-directory", "a file is removed and a directory has its name", Whiteout,
            [New.File("d", "file"), New.File(".wh.d").Directory("d").File("d/a", "1")], CorpusEntry.Directory("d"), File("d/a", "1"));
        cases.Applies("whiteout-with-content", "the content of a whiteout means nothing", Whiteout + ": an empty file", [New.File("a", "1").File("b", "2"), New.File(".wh.a", new string('x', 700)).File("c", "3")], File("b", "2"), File("c", "3"));
        cases.Either("whiteout-as-directory", "a whiteout that is a directory", Whiteout + ": an empty file", [New.File("a", "1").File("b", "2"), New.Directory(".wh.a/")], File("b", "2"));
        cases.Either("whiteout-as-symlink", "a whiteout that is a link", Whiteout + ": an empty file", [New.File("a", "1").File("b", "2"), New.Link(".wh.a", "b")], File("b", "2"));
        cases.Either("whiteout-as-hardlink", "a whiteout that is a hard link to another, as some packers write many", Whiteout,
            [New.File("a", "1").File("b", "2").File("c", "3"), New.File(".wh.a").HardLink(".wh.b", ".wh.a")], File("c", "3"));
        cases.Applies("whiteout-below-file", "a whiteout below what is a file below", "go-archive and containerd remove what is there: nothing", [New.File("a", "1"), New.File("a/.wh.b")], File("a", "1"));

        cases.Applies("whiteout-look-alikes", "names that are not whiteouts", Whiteout + ": the prefix is .wh.",
            [New.File("a", "1"), New.File(".wh", "2").File(".whx", "3").File(".WH.a", "4").File("x.wh.a", "5").File("wh.a", "6")],
            File("a", "1"), File(".wh", "2"), File(".whx", "3"), File(".WH.a", "4"), File("x.wh.a", "5"), File("wh.a", "6"));
        cases.Applies("whiteout-of-odd-names", "whiteouts of names with spaces, newlines and bytes that are not UTF-8", Whiteout,
            [New.File("a b", "1").File("a\nb", "2").File(NotUtf8, "3").File("...", "4").File("keep", "5"), New.File(".wh.a b").File(".wh.a\nb").File(".wh." + NotUtf8).File(".wh....")], File("keep", "5"));
        cases.Applies("whiteout-aufs-bookkeeping", "files and directories of aufs are no part of the image", "aufs: .wh..wh. is its own",
            [New.File("a", "1"), New.Directory(".wh..wh.plnk").File(".wh..wh.plnk/1.2", "x").File(".wh..wh.aufs").Directory(".wh..wh.orph").File("b", "2")], File("a", "1"), File("b", "2"));
        cases.Either("whiteout-of-whiteout", ".wh..wh.a is not the removal of a file .wh.a", "aufs: .wh..wh. is its own",
            [New.File("a", "1"), New.File(".wh..wh.a")], File("a", "1"));
        cases.Applies("whiteout-long-name", "a whiteout of a name of 251 bytes: the mark has 255", Whiteout,
            [New.Pax(("path", Encoding.ASCII.GetBytes(new string('n', 251)))).File("x").File("keep"), New.Pax(("path", Encoding.ASCII.GetBytes(".wh." + new string('n', 251)))).File("x")], File("keep"));
        cases.Either("device-zero-zero", "a device 0:0 in an archive is overlayfs's whiteout, and no whiteout of an image", "overlayfs.rst, whiteouts",
            [New.File("a", "1"), New.Add('3', "a", device: (0, 0))], File("a", "1"));
        cases.Either("overlay-attributes", "attributes that steer overlayfs come from the archive of a stranger", "overlayfs.rst: trusted.overlay.opaque, .redirect, .metacopy",
            [New.Directory("d").File("d/a", "1").Directory("e").File("e/b", "2"),
                New.Pax(("SCHILY.xattr.trusted.overlay.opaque", "y"u8.ToArray()), ("SCHILY.xattr.user.overlay.opaque", "y"u8.ToArray())).Directory("d")
                    .Pax(("SCHILY.xattr.trusted.overlay.redirect", "/d"u8.ToArray())).Directory("e")
                    .Pax(("SCHILY.xattr.trusted.overlay.metacopy", [])).File("f", "3")],
            CorpusEntry.Directory("d"), File("d/a", "1"), CorpusEntry.Directory("e"), File("e/b", "2"), File("f", "3"));
    }
}
