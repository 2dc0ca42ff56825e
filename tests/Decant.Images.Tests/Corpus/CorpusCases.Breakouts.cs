using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Links inside the root that a careless tool follows on the host: what containerd's TestBreakouts asks.</content>
static partial class CorpusCases
{
    const string InRoot = "paths and links of an image are resolved within its root";

    static TestArchive Etc => New.Directory("etc", 0x1f8).File("/etc/passwd", "inside");

    static CorpusEntry[] EtcAnd(params CorpusEntry[] more) => [CorpusEntry.Directory("etc", 0x1f8), File("etc/passwd", "inside"), .. more];

    static void Breakouts(List<CorpusCase> cases)
    {
        string Rule(string test) => $"{InRoot}; containerd TestBreakouts/{test}";
        cases.Applies("breakout-symlink-absolute", "a file through an absolute link", Rule("SymlinkAbsolute"),
            [New.Directory("etc").Link("localetc", "/etc").File("/localetc/unbroken", "unbroken")],
            CorpusEntry.Directory("etc"), Link("localetc", "/etc"), File("etc/unbroken", "unbroken"));
        cases.Applies("breakout-symlink-up-and-out", "a file through a link with .. in the middle", Rule("SymlinkUpAndOut"),
            [New.Directory("etc").Directory("dummy").Link("localetc", "/dummy/../etc").File("/localetc/unbroken", "unbroken")],
            CorpusEntry.Directory("etc"), CorpusEntry.Directory("dummy"), Link("localetc", "/dummy/../etc"), File("etc/unbroken", "unbroken"));
        cases.Applies("breakout-symlink-multiple-absolute", "a link to an absolute link", Rule("SymlinkMultipleAbsolute"),
            [New.Directory("etc").Directory("dummy").Link("/dummy/etc", "/etc").Link("localetc", "/dummy/etc").File("/localetc/unbroken", "unbroken")],
            CorpusEntry.Directory("etc"), CorpusEntry.Directory("dummy"), Link("dummy/etc", "/etc"), Link("localetc", "/dummy/etc"), File("etc/unbroken", "unbroken"));
        cases.Applies("breakout-symlink-multiple-relative", "a relative link to an absolute one", Rule("SymlinkMultipleRelative"),
            [New.Directory("etc").Directory("dummy").Link("/dummy/etc", "/etc").Link("localetc", "./dummy/etc").File("/dummy/etc/unbroken", "unbroken")],
            CorpusEntry.Directory("etc"), CorpusEntry.Directory("dummy"), Link("dummy/etc", "/etc"), Link("localetc", "./dummy/etc"), File("etc/unbroken", "unbroken"));
        cases.Applies("breakout-symlink-empty-file", "a file emptied through a link", Rule("SymlinkEmptyFile"),
            [New.Directory("etc").File("etc/emptied", "notempty").Link("localetc", "/etc").File("/localetc/emptied")],
            CorpusEntry.Directory("etc"), Link("localetc", "/etc"), File("etc/emptied"));

        void HardLinkThrough(string name, string test, string link, string target, string path, string to) => cases.Applies(
            name, "a hard link to a file that is named through a link", Rule(test),
            [Etc.Directory("breakouts").Directory("downandout").Link(link, target).HardLink(path, to)],
            EtcAnd(CorpusEntry.Directory("breakouts"), CorpusEntry.Directory("downandout"), Link(link, target), Same(path, "etc/passwd")));
        HardLinkThrough("breakout-hardlink-relative", "HardlinkRelative", "breakouts/d1", "../../etc", "breakouts/mypasswd", "/breakouts/d1/passwd");
        HardLinkThrough("breakout-hardlink-down-and-out", "HardlinkDownAndOut", "breakouts/d1", "../downandout/../../etc", "breakouts/mypasswd", "/breakouts/d1/passwd");
        HardLinkThrough("breakout-hardlink-absolute", "HardlinkAbsolute", "localetc", "/etc", "localpasswd", "/localetc/passwd");
        HardLinkThrough("breakout-hardlink-relative-long", "HardlinkRelativeLong", "localetc", "../../../../../../../etc", "localpasswd", "/localetc/passwd");
        cases.Either("breakout-hardlink-up-and-out", "the same, where a name before .. is of nothing: the kernel finds no such file, and containerd does", Rule("HardlinkRelativeUpAndOut"),
            [Etc.Link("localetc", "upandout/../../../etc").HardLink("localpasswd", "/localetc/passwd")], EtcAnd(Link("localetc", "upandout/../../../etc"), Same("localpasswd", "etc/passwd")));

        cases.Either("breakout-hardlink-direct-relative", "a hard link whose target begins with many ..", Rule("HardlinkDirectRelative"),
            [Etc.HardLink("localpasswd", "../../../../../etc/passwd")], EtcAnd(Same("localpasswd", "etc/passwd")));
        cases.Applies("breakout-hardlink-direct-absolute", "a hard link with an absolute target", Rule("HardlinkDirectAbsolute") + "; go-archive TestUntarAbsoluteHardlink",
            [Etc.HardLink("localpasswd", "/etc/passwd")], EtcAnd(Same("localpasswd", "etc/passwd")));
        cases.Either("breakout-symlink-parent-directory", "a link in place of ..", Rule("SymlinkParentDirectory") + "; CVE-2021-29136",
            [Etc.Link("..", "/etc/").HardLink("localpasswd", "/etc/passwd")], EtcAnd(Same("localpasswd", "etc/passwd")));
        cases.Either("breakout-symlink-empty-filename", "a link without a name", Rule("SymlinkEmptyFilename"),
            [Etc.Link("", "/etc/").HardLink("localpasswd", "/etc/passwd")], EtcAnd(Same("localpasswd", "etc/passwd")));
        cases.Applies("breakout-symlink-parent-relative", "a name that ends in ..", Rule("SymlinkParentRelative"),
            [Etc.Link("localetc/sub/..", "/etc/").HardLink("/localetc/localpasswd", "/etc/passwd")],
            EtcAnd(Link("localetc", "/etc/"), Same("etc/localpasswd", "etc/passwd")));
        cases.Applies("breakout-slash-ended", "a directory with a slash at its end", Rule("SymlinkSlashEnded"),
            [Etc.Directory("localetc/", 0x1f8).HardLink("/localetc/localpasswd", "/etc/passwd")],
            EtcAnd(CorpusEntry.Directory("localetc", 0x1f8), Same("localetc/localpasswd", "etc/passwd")));
        cases.Applies("breakout-symlink-over-directory", "an absolute link replaces a directory, then a path leads through it", Rule("SymlinkOverrideDirectory"),
            [Etc.Directory("localetc"), New.Link("localetc", "/etc").HardLink("/localetc/localpasswd", "/etc/passwd")],
            EtcAnd(Link("localetc", "/etc"), Same("etc/localpasswd", "etc/passwd")));
        cases.Applies("breakout-symlink-over-directory-relative", "a relative link replaces a directory, then a path leads through it", Rule("SymlinkOverrideDirectoryRelative"),
            [Etc.Directory("localetc"), New.Link("localetc", "../../etc").HardLink("/localetc/localpasswd", "/etc/passwd")],
            EtcAnd(Link("localetc", "../../etc"), Same("etc/localpasswd", "etc/passwd")));
        cases.Applies("breakout-directory-over-symlink", "a directory replaces a link, and what follows goes there", Rule("DirectoryOverrideSymlink"),
            [Etc.Link("localetc", "/etc"), New.Directory("/localetc/").HardLink("/localetc/localpasswd", "/etc/passwd")],
            EtcAnd(CorpusEntry.Directory("localetc"), Same("localetc/localpasswd", "etc/passwd")));
        cases.Applies("breakout-directory-over-symlink-and-hardlink", "a directory replaces a link that hid a hard link", Rule("DirectoryOverrideSymlinkAndHardlink"),
            [Etc.Link("localetc", "etc").HardLink("localetc/localpasswd", "/etc/passwd"), New.Directory("/localetc/").File("/localetc/localpasswd", "different")],
            EtcAnd(Same("etc/localpasswd", "etc/passwd"), CorpusEntry.Directory("localetc"), File("localetc/localpasswd", "different")));
        cases.Applies("breakout-symlink-over-path", "a directory becomes a link to the root and a directory again", Rule("SymlinkOverridePath"),
            [New.Directory("foo").Directory("foo/tmp").File("foo/tmp/breakout", "1").Link("foo", "/").File("foo/tmp/breakout", "2").Directory("foo").Directory("foo/tmp").File("foo/tmp/breakout", "3")],
            CorpusEntry.Directory("foo"), CorpusEntry.Directory("foo/tmp"), File("foo/tmp/breakout", "3"), CorpusEntry.Directory("tmp"), File("tmp/breakout", "2"));
        cases.Applies("breakout-hardlink-to-symlink-before-target", "a hard link to a link whose target comes later", Rule("HardlinkSymlinkBeforeCreateTarget") + "; go-archive TestUntarHardlinkToSymlink",
            [New.Directory("etc", 0x1f8).Link("localpasswd", "/etc/passwd").HardLink("localpasswd-dup", "localpasswd").File("/etc/passwd", "after")],
            CorpusEntry.Directory("etc", 0x1f8), File("etc/passwd", "after"), Link("localpasswd", "/etc/passwd"), Same("localpasswd-dup", "localpasswd"));
        cases.Applies("breakout-hardlink-to-symlink-relative", "a hard link to a relative link is that link", Rule("HardlinkSymlinkRelative"),
            [Etc.Link("passwdlink", "../../../../../etc/passwd").HardLink("localpasswd", "/passwdlink")],
            EtcAnd(Link("passwdlink", "../../../../../etc/passwd"), Same("localpasswd", "passwdlink")));
        cases.Applies("breakout-hardlink-to-symlink-absolute", "a hard link to an absolute link is that link", Rule("HardlinkSymlinkAbsolute"),
            [Etc.Link("passwdlink", "/etc/passwd").HardLink("localpasswd", "/passwdlink")],
            EtcAnd(Link("passwdlink", "/etc/passwd"), Same("localpasswd", "passwdlink")));
        cases.Applies("breakout-hardlink-to-symlink-mode", "the mode of a hard link to a link changes no file outside", Rule("HardlinkSymlinkChmod"),
            [New.Link("/outside/alias", "/outside/private").HardLink("sketchylink", "/outside/alias")],
            CorpusEntry.Directory("outside"), Link("outside/alias", "/outside/private"), Same("sketchylink", "outside/alias"));
        cases.Applies("directories-with-and-without-parents", "directories, some below such as no entry names", "containerd TestApplyTar/DirectoryCreation",
            [New.Directory("/etc/"), New.Directory("/etc/subdir").Directory("/etc/subdir2/").Directory("/etc/subdir2/more").Directory("/other/noparent-1/1").Directory("/other/noparent-2/2/")],
            CorpusEntry.Directory("etc"), CorpusEntry.Directory("etc/subdir"), CorpusEntry.Directory("etc/subdir2"), CorpusEntry.Directory("etc/subdir2/more"), CorpusEntry.Directory("other"),
            CorpusEntry.Directory("other/noparent-1"), CorpusEntry.Directory("other/noparent-1/1"), CorpusEntry.Directory("other/noparent-2"), CorpusEntry.Directory("other/noparent-2/2"));
    }
}
