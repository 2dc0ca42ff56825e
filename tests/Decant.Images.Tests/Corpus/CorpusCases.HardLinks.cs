using static Decant.Images.Tests.CorpusEntry;

namespace Decant.Images.Tests;

/// <content>Hard links: to what, when, and over what.</content>
static partial class CorpusCases
{
    static void HardLinks(List<CorpusCase> cases)
    {
        const string Rule = "IEEE Std 1003.1, pax: a link to a file that was there before";
        cases.Applies("hardlinks-and-symlinks", "links to a file and to a link; owners of link entries change nothing", "umoci TestUnpackHardlink",
            [New.File("regular", "some content").Add('1', "hard link", "/regular", uid: 1337).Link("link", "../../../regular").Add('1', "hard link to symlink", "../../../link", uid: 1337)],
            File("regular", "some content"), Same("hard link", "regular"), Link("link", "../../../regular"), Same("hard link to symlink", "link"));
        cases.Applies("hardlink-chain", "a link to a link to a file", Rule, [New.File("a", "1").HardLink("b", "a").HardLink("c", "b").HardLink("d/e", "c")],
            File("a", "1"), Same("b", "a"), Same("c", "a"), CorpusEntry.Directory("d"), Same("d/e", "a"));
        cases.Refuses("hardlink-to-nothing", "a link to a file that is nowhere", Rule, New.HardLink("a", "b"));
        cases.Refuses("hardlink-to-later-entry", "a link to a file that comes later", Rule, New.HardLink("a", "b").File("b", "1"));
        cases.Refuses("hardlink-to-directory", "a link to a directory", "link(2): EPERM", New.Directory("d").HardLink("a", "d"));
        cases.Refuses("hardlink-to-directory-of-lower-layer", "the same over two layers", "link(2): EPERM", New.Directory("d"), New.HardLink("a", "d"));
        cases.Refuses("hardlink-to-root", "a link to the root", "link(2): EPERM", New.HardLink("a", "/"));
        cases.Refuses("hardlink-to-itself-first", "a link to itself, and no such file", Rule, New.HardLink("a", "a"));
        cases.Either("hardlink-to-itself", "a link to itself, which is there already", "containerd and go-archive remove the file first, and then miss it", [New.File("a", "1").HardLink("a", "./a")], File("a", "1"));
        cases.Refuses("hardlink-to-empty-name", "a link to no name", "link(2): ENOENT", New.File("a").HardLink("b", ""));
        cases.Applies("hardlink-to-lower-layer", "a link to a file of the layer below", Spec + ": hardlinks",
            [New.File("a", "1", 0x1ed), New.HardLink("b", "a")], File("a", "1", 0x1ed), File("b", "1", 0x1ed));
        cases.Applies("hardlink-to-lower-layer-then-replaced", "writing a new file of the name does not reach the other", Spec,
            [New.File("a", "1"), New.HardLink("b", "a").File("b", "2")], File("a", "1"), File("b", "2"));
        cases.Applies("hardlink-to-replaced-file", "a link to a file that this layer has replaced", Spec, [New.File("a", "1"), New.File("a", "2").HardLink("b", "a")], File("a", "2"), Same("b", "a"));
        cases.Refuses("hardlink-to-whiteout", "a link to a file that this layer has removed", Spec, New.File("a", "1"), New.File(".wh.a").HardLink("b", "a"));
        cases.Refuses("hardlink-to-name-of-whiteout", "a link to the mark itself", Spec, New.File("a", "1"), New.File(".wh.a").HardLink("b", ".wh.a"));
        cases.Refuses("hardlink-to-removed-in-middle", "a link to a file that the layer between has removed", Spec, New.File("a", "1"), New.File(".wh.a"), New.HardLink("b", "a"));
        cases.Refuses("hardlink-into-opaque", "a link to what an opaque directory hides", Spec, New.File("d/a", "1"), New.File($"d/{Mark}").HardLink("b", "d/a"));
        cases.Applies("hardlink-over-file", "a link replaces a file", Rule, [New.File("a", "1").File("b", "2").HardLink("b", "a")], File("a", "1"), Same("b", "a"));
        cases.Applies("hardlink-over-directory", "a link replaces a directory with all in it", Rule, [New.File("a", "1").Directory("b").File("b/c", "2").HardLink("b", "a")], File("a", "1"), Same("b", "a"));
        cases.Applies("hardlink-over-directory-of-lower-layer", "the same over two layers", Rule, [New.Directory("b").File("b/c", "2"), New.File("a", "1").HardLink("b", "a")], File("a", "1"), Same("b", "a"));
        cases.Applies("hardlink-over-symlink", "a link replaces a link, and not what that points to", Rule, [New.File("a", "1").File("t", "2").Link("b", "t").HardLink("b", "a")], File("a", "1"), File("t", "2"), Same("b", "a"));
        cases.Applies("hardlink-to-pipe-and-device", "links to a pipe and a device", Rule,
            [New.Add('6', "p").Add('3', "null", device: (1, 3)).HardLink("p2", "p").HardLink("null2", "null")],
            Fifo("p"), Same("p2", "p"), new CorpusEntry("null", "character device") { Mode = 0x1a4, Device = (1, 3) }, Same("null2", "null"));
        cases.Applies("hardlink-with-size", "a link entry may tell the size of its file, and stores nothing", "POSIX ustar", [New.File("a", "12345").Add('1', "b", "a", size: 5).File("c", "3")], File("a", "12345"), Same("b", "a"), File("c", "3"));
        cases.Applies("hardlink-file-replaced-afterwards", "a name is replaced, its other name stays", Rule, [New.File("a", "1").HardLink("b", "a").File("a", "2")], File("a", "2"), File("b", "1"));
        cases.Refuses("hardlink-below-file", "a link to a name below a file", "link(2): ENOTDIR", New.File("a", "1").HardLink("b", "a/c"));
        cases.Refuses("hardlink-through-dead-symlink", "a link through a link to nothing", "link(2): ENOENT", New.Link("l", "/none").HardLink("b", "l/x"));
    }
}
