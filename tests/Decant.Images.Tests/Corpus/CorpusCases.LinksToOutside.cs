using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Names and links that point out of the root: what go-archive's and umoci's tests ask. A file victim/hello lies beside the target.</content>
static partial class CorpusCases
{
    static void LinksToOutside(List<CorpusCase> cases)
    {
        string Moby(string test) => $"{InRoot}; go-archive {test}; CVE-2026-17106";
        string Umoci(string test) => $"{InRoot}; umoci {test}";
        CorpusEntry victim = CorpusEntry.Directory("victim");

        cases.Either("name-dotdot", "a name that begins with ..", Moby("TestUntarInvalidFilenames, TestApplyLayerInvalidFilenames"),
            [New.File("../victim/dotdot", "x")], victim, File("victim/dotdot", "x"));
        cases.Either("name-slash-dotdot", "a name that begins with /..", Moby("TestUntarInvalidFilenames, TestApplyLayerInvalidFilenames"),
            [New.File("/../victim/slash-dotdot", "x")], victim, File("victim/slash-dotdot", "x"));
        cases.Refuses("name-is-dotdot", "a file named ..", Moby("TestUntarParentTraversalContained"), New.File("..", "bad"));
        cases.Either("name-above-parent", "a file two directories above", Moby("TestUntarParentTraversalContained"), [New.File("../../pwned", "bad")], File("pwned", "bad"));
        cases.Either("name-garbage-prefix", "/../file is a file of the root", Umoci("TestUnpackEntrySanitiseScoping"), [New.File("/../file", "container content")], File("file", "container content"));
        cases.Refuses("root-as-symlink", "the root itself as a link, in several spellings", "CVE-2021-29136 (umoci)", New.Link("/.", "../victim").File("new", "x"));
        cases.Refuses("root-as-file", "the root itself as a file", "CVE-2021-29136 (umoci)", New.File("./", "x"));
        cases.Refuses("root-as-hardlink", "the root itself as a hard link", "CVE-2021-29136 (umoci)", New.File("f").HardLink(".", "f"));

        cases.Refuses("hardlink-dotdot", "a hard link to a file beside the target", Moby("TestUntarInvalidHardlink, TestApplyLayerInvalidHardlink"), New.HardLink("dotdot", "../victim/hello"));
        cases.Refuses("hardlink-slash-dotdot", "the same with a slash before it", Moby("TestUntarInvalidHardlink, TestApplyLayerInvalidHardlink"), New.HardLink("slash-dotdot", "/../victim/hello"));
        cases.Refuses("hardlink-sibling-prefix", "a hard link to a sibling whose name begins like the target's", Moby("TestUntarSiblingPrefixContained"), New.HardLink("grab", "../layer1-evil/secret"));
        foreach ((string what, Func<TestArchive, TestArchive> then) in (ReadOnlySpan<(string, Func<TestArchive, TestArchive>)>)[
            ("write", a => a.File("loophole-victim/file", "x")),
            ("symlink", a => a.Link("symlink", "loophole-victim/hello")),
            ("hardlink", a => a.HardLink("hardlink", "loophole-victim/hello")),
            ("remove", a => a.File("loophole-victim", "x"))])
        {
            cases.Refuses($"hardlink-to-directory-outside-{what}", $"a hard link to a directory beside the target, then a {what}", Moby("TestUntarInvalidHardlink, TestApplyLayerInvalidHardlink"),
                then(New.HardLink("loophole-victim", "../victim")));
        }

        string symlinks = Moby("TestUntarInvalidSymlink, TestApplyLayerInvalidSymlink");
        cases.Either("symlink-dotdot", "a link may point anywhere: it is resolved when the image runs", symlinks, [New.Link("dotdot", "../victim/hello")], Link("dotdot", "../victim/hello"));
        cases.Either("symlink-slash-dotdot", "the same with a slash before it", symlinks, [New.Link("slash-dotdot", "/../victim/hello")], Link("slash-dotdot", "/../victim/hello"));
        cases.Either("symlink-write-through", "a file through a link to a directory beside the target", symlinks,
            [New.Link("loophole-victim", "../victim").File("loophole-victim/file", "x")], Link("loophole-victim", "../victim"), victim, File("victim/file", "x"));
        cases.Either("symlink-to-symlink", "a link through a link", symlinks,
            [New.Link("loophole-victim", "../victim").Link("symlink", "loophole-victim/hello")], Link("loophole-victim", "../victim"), Link("symlink", "loophole-victim/hello"));
        cases.Refuses("symlink-hardlink-through", "a hard link through a link to a directory beside the target", symlinks,
            New.Link("loophole-victim", "../victim").HardLink("hardlink", "loophole-victim/hello"));
        cases.Either("symlink-replaced-by-file", "a file replaces a link, and not what it points to", symlinks,
            [New.Link("loophole-victim", "../victim").File("loophole-victim", "x")], File("loophole-victim", "x"));
        cases.Either("symlink-write-deep", "a file in a new directory through a link", symlinks,
            [New.Link("dir/loophole", "../../victim").File("dir/loophole/newdir/newfile", "x")],
            CorpusEntry.Directory("dir"), Link("dir/loophole", "../../victim"), victim, CorpusEntry.Directory("victim/newdir"), File("victim/newdir/newfile", "x"));
        cases.Either("symlink-two-hops", "a link made through a link, then a file through both", Moby("TestUntarSymlinkBreakout"),
            [New.Directory("inner").Link("inner/go_up", "..").Link("inner/go_up/escape", "../victim").File("inner/go_up/escape/newfile", "x")],
            CorpusEntry.Directory("inner"), Link("inner/go_up", ".."), Link("escape", "../victim"), victim, File("victim/newfile", "x"));
        cases.Applies("symlink-absolute-existing", "a file through an absolute link of the layer below", $"{InRoot}; go-archive TestUntarThroughAbsoluteSymlink",
            [New.Directory("var").Directory("run/existing").Link("var/run", "/run"), New.File("var/run/existing/non-existing/file", "content")],
            CorpusEntry.Directory("var"), Link("var/run", "/run"), CorpusEntry.Directory("run"), CorpusEntry.Directory("run/existing"), CorpusEntry.Directory("run/existing/non-existing"),
            File("run/existing/non-existing/file", "content"));
        cases.Applies("symlink-absolute-missing", "the same where nothing is at the link's target", $"{InRoot}; go-archive TestUntarThroughAbsoluteSymlink",
            [New.Directory("var").Link("var/run", "/run"), New.File("var/run/existing/non-existing/file", "content")],
            CorpusEntry.Directory("var"), Link("var/run", "/run"), CorpusEntry.Directory("run"), CorpusEntry.Directory("run/existing"), CorpusEntry.Directory("run/existing/non-existing"),
            File("run/existing/non-existing/file", "content"));
        cases.Either("symlink-relative-then-absolute", "a path over a link to .. and then an absolute one", Moby("TestUnpackRejectsRelativeEscapeBeforeAbsoluteSymlink"),
            [New.Directory("target").Link("escape", "..").Link("absolute", "/target"), New.File("escape/absolute/file", "x")],
            CorpusEntry.Directory("target"), Link("escape", ".."), Link("absolute", "/target"), File("target/file", "x"));
        cases.Applies("hardlink-source-through-absolute-symlink", "both names of a hard link through an absolute link", $"{InRoot}; go-archive TestHardlinkSourceThroughAbsoluteSymlink",
            [New.Directory("var").Link("var/run", "/run"), New.File("var/run/source", "content").HardLink("var/run/link", "var/run/source")],
            CorpusEntry.Directory("var"), Link("var/run", "/run"), CorpusEntry.Directory("run"), File("run/source", "content"), Same("run/link", "run/source"));
        cases.Applies("implied-directories-through-symlink", "directories that only a name implies, through a link of the layer below", "go-archive TestUnpackLayerCreatesImpliedDirectoriesThroughLowerLayerSymlink",
            [New.Directory("usr/").Directory("usr/lib/").Link("lib", "usr/lib"), New.File("lib/systemd/system/container.service", "content")],
            CorpusEntry.Directory("usr"), CorpusEntry.Directory("usr/lib"), Link("lib", "usr/lib"), CorpusEntry.Directory("usr/lib/systemd"), CorpusEntry.Directory("usr/lib/systemd/system"),
            File("usr/lib/systemd/system/container.service", "content"));

        int number = 0;
        foreach (string prefix in (string[])["/", "/../", "/../../../../../../../../../../../../../../../", "/./.././.././.././.././.././.././.././.././../", ".."])
        {
            cases.Applies($"symlink-prefix-{++number}", $"a file through a link to {prefix}", Umoci("TestUnpackEntrySymlinkScoping"),
                [New.Link("link", prefix), New.File("link/file", "container content")], Link("link", prefix), File("file", "container content"));
        }

        cases.Applies("symlink-into-proc", "a link into /proc means the image's own /proc", InRoot,
            [New.Link("p", "/proc/self/cwd").File("p/new", "x")],
            Link("p", "/proc/self/cwd"), CorpusEntry.Directory("proc"), CorpusEntry.Directory("proc/self"), CorpusEntry.Directory("proc/self/cwd"), File("proc/self/cwd/new", "x"));
        cases.Refuses("symlink-loop", "a path through links that lead to each other", "path_resolution(7): 40 links", New.Link("a", "b").Link("b", "a").File("a/x", "x"));
        TestArchive chain = New.Directory("end");
        for (int i = 0; i < 45; i++)
            chain.Link($"l{i}", i == 0 ? "end" : $"l{i - 1}");
        cases.Either("symlink-chain-of-45", "a path through more links than the kernel follows", "path_resolution(7): 40 links", [chain.File("l44/x", "x")],
            [CorpusEntry.Directory("end"), .. Enumerable.Range(0, 45).Select(i => Link($"l{i}", i == 0 ? "end" : $"l{i - 1}")), File("end/x", "x")]);
        cases.Refuses("symlink-without-target", "a link to nothing", "symlink(2): ENOENT", New.Link("a", ""));
        cases.Applies("symlink-mode-is-its-own", "a link's mode and owner do not reach its target", "containerd TestLchmodDoesNotFollowSymlink",
            [New.File("private", "x", 0x180).Add('2', "link", "private", mode: 0x1ff, uid: 7)], File("private", "x", 0x180), Link("link", "private") with { Uid = 7, Gid = 7 });
    }
}
