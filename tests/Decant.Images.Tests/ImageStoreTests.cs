using System.Diagnostics;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

[Collection("mounted layers")]
public sealed class ImageStoreTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    ImageStore Store => fixture.Store;

    StoredImage Pull(string source, string? name = "x") =>
        Store.Pull(ImageSource.Parse(source), name, Platform.Host, SilentProgress.Instance);

    string MakeTar(string name, string content)
    {
        fixture.Write($"{name}/name", content);
        ImageFixture.Run("tar", "-cf", fixture[name + ".tar"], "-C", fixture[name], ".");
        return fixture[name + ".tar"];
    }

    [Fact]
    public void A_store_that_is_not_there_is_empty()
    {
        Assert.Null(Store.Find("x"));
        Assert.Empty(Store.List());
        Assert.Empty(Store.Runs());
        Assert.False(Store.Remove("x"));
        Assert.False(Store.RemoveRun("x", _ => { }));
        Assert.False(Directory.Exists(Store.Root));
    }

    [Fact]
    public void An_image_is_found_again_by_another_process()
    {
        StoredImage pulled = Pull($"oci:{fixture.MakeLayout()}:one", "lab/tools:1");
        ImageStore reopened = new(Store.Root);
        Assert.Equivalent(pulled, reopened.Find("lab/tools:1"), strict: true);
        Assert.Equivalent(pulled, Assert.Single(reopened.List()), strict: true);
        Assert.Null(reopened.Find("lab/tools"));
    }

    [Fact]
    public void The_store_is_a_layout_that_skopeo_and_umoci_read_in_place()
    {
        StoredImage image = Pull($"oci:{fixture.MakeLayout()}:one", "lab/tools");
        JsonNode seen = JsonNode.Parse(ImageFixture.Run("skopeo", "inspect", $"oci:{Store.Root}:lab/tools"))!;
        Assert.Equal(image.Manifest.Digest.ToString(), (string)seen["Digest"]!);
        Assert.Equal(3, seen["Layers"]!.AsArray().Count);
        Assert.Contains("lab/tools", ImageFixture.Run("umoci", "ls", "--layout", Store.Root));
    }

    [Fact]
    public void Only_its_owner_may_read_the_store()
    {
        Pull($"tar:{MakeTar("a", "a")}");
        foreach (string path in Directory.EnumerateFileSystemEntries(Store.Root, "*", SearchOption.AllDirectories))
        {
            if (!path.Contains("/diff"))
                Assert.Equal(0u, LinuxFile.Status(path).Permissions & 0x3F);
        }

        Assert.Equal(0x1C0u, LinuxFile.Status(Store.Root).Permissions);
    }

    [Fact]
    public void Removing_a_name_keeps_what_others_share()
    {
        string layout = fixture.MakeLayout();
        StoredImage first = Pull($"oci:{layout}:one", "first");
        // One more layer on the same three.
        ImageFixture.Script($"""
            set -e
            umoci tag --image {layout}:one two
            umoci unpack --image {layout}:two {fixture["b"]}
            echo more > {fixture["b"]}/rootfs/more
            umoci repack --image {layout}:two {fixture["b"]}
            """);
        StoredImage second = Pull($"oci:{layout}:two", "second");
        Assert.Equal(first.Layers, second.Layers.Skip(1));
        Pull($"oci:{layout}:two", "third");

        Assert.True(Store.Remove("first"));
        Assert.All(second.Layers, layer => Assert.True(Directory.Exists(layer)));
        ImageFixture.Run("skopeo", "copy", $"oci:{Store.Root}:second", $"oci:{fixture["copy"]}:second");
        Assert.True(Store.Remove("second"));
        Assert.True(Store.Remove("third"));
        Assert.False(Store.Remove("third"));
        Assert.Empty(Directory.GetDirectories(fixture["store/layers"]));
        Assert.Empty(Directory.GetFiles(fixture["store/blobs/sha256"]));
        Assert.Empty(JsonNode.Parse(File.ReadAllBytes(fixture["store/index.json"]))!["manifests"]!.AsArray());
    }

    [Fact]
    public void A_name_can_be_given_to_another_image()
    {
        StoredImage old = Pull($"tar:{MakeTar("a", "a")}");
        StoredImage fresh = Pull($"tar:{MakeTar("b", "b")}");
        Assert.Equal(fresh.Layers, Store.Find("x")!.Layers);
        Assert.False(Directory.Exists(old.Layers[0]));
        Assert.Single(Store.List());
    }

    [Fact]
    public void A_source_used_directly_is_read_again_only_when_it_changed()
    {
        ImageSource source = ImageSource.Parse($"tar:{MakeTar("a", "a")}");
        StoredImage first = Store.FindOrPull(source, Platform.Host, SilentProgress.Instance);
        Assert.Equal(source.Text, first.Name);
        Counting counting = new();
        Assert.Equivalent(first, Store.FindOrPull(source, Platform.Host, counting), strict: true);
        Assert.Equal(0, counting.Begun);
        MakeTar("a", "other");
        StoredImage second = Store.FindOrPull(source, Platform.Host, counting);
        Assert.Equal(1, counting.Begun);
        Assert.Equal("other", File.ReadAllText(second.Layers[0] + "/name"));
        Assert.Equivalent(second, Store.Find(source.Text), strict: true);
        Assert.True(Store.Remove(source.Text));
    }

    [Fact]
    public void What_broken_off_pulls_left_is_swept_by_the_next_change()
    {
        Pull($"tar:{MakeTar("a", "a")}");
        fixture.Write("store/tmp/0123/0/diff/etc/file", "half");
        fixture.Write("store/tmp/4567", "half a blob");
        fixture.Write($"store/blobs/sha256/{new string('0', 64)}", "renamed, but no name was written");
        fixture.Write($"store/layers/{new string('0', 64)}/diff/file", "likewise");
        Pull($"tar:{MakeTar("b", "b")}", "y");
        Assert.Empty(Directory.GetFileSystemEntries(fixture["store/tmp"]));
        Assert.False(File.Exists(fixture[$"store/blobs/sha256/{new string('0', 64)}"]));
        Assert.Equal(2, Directory.GetDirectories(fixture["store/layers"]).Length);
    }

    [Fact]
    public void Nothing_is_swept_while_a_pull_is_under_way()
    {
        Pull($"tar:{MakeTar("a", "a")}");
        Pull($"tar:{MakeTar("b", "b")}", "y");
        string work = fixture.Write("store/tmp/0123/0/diff/file", "half");
        using (Store.Lock("lock", exclusive: false))
        {
            Assert.True(Store.Remove("y"));
            Assert.True(File.Exists(work));
            Assert.Equal(2, Directory.GetDirectories(fixture["store/layers"]).Length);
        }

        Assert.True(Store.Remove("x"));
        Assert.False(File.Exists(work));
        Assert.Empty(Directory.GetDirectories(fixture["store/layers"]));
    }

    [Fact]
    public async Task Pulls_of_one_image_at_once_unpack_each_layer_once()
    {
        string layout = fixture.MakeLayout();
        Counting[] progress = [.. Enumerable.Range(0, 8).Select(_ => new Counting())];
        StoredImage[] images = await Task.WhenAll(progress.Select((counting, i) => Task.Factory.StartNew(
            () => new ImageStore(Store.Root).Pull(ImageSource.Parse($"oci:{layout}:one"), $"x{i % 4}", Platform.Host, counting),
            TaskCreationOptions.LongRunning)));
        Assert.Equal(3, progress.Sum(counting => counting.UnpackedLayers));
        Assert.All(images, image => Assert.Equal(images[0].Layers, image.Layers));
        Assert.Equal(4, Store.List().Count);
        Assert.Equal(4, JsonNode.Parse(File.ReadAllBytes(fixture["store/index.json"]))!["manifests"]!.AsArray().Count);
        Assert.Empty(Directory.GetDirectories(fixture["store/tmp"]));
    }

    [Fact]
    public async Task Pulling_and_removing_at_once_never_leaves_a_name_without_its_layers()
    {
        string[] sources = [.. Enumerable.Range(0, 3).Select(i => $"tar:{MakeTar($"t{i}", $"content {i}")}")];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Factory.StartNew(
            () =>
            {
                for (int round = 0; round < 15; round++)
                {
                    // The three share one name's content now and then.
                    Pull(sources[round % 3], $"n{i}");
                    Assert.True(Store.Remove($"n{i}"));
                }

                Pull(sources[i], $"n{i}");
            },
            TaskCreationOptions.LongRunning)));
        Assert.Equal(3, Store.List().Count);
        foreach (StoredImage image in Store.List())
            Assert.StartsWith("content", File.ReadAllText(image.Layers[0] + "/name"));
    }

    [Fact]
    public void A_damaged_name_is_reported_with_its_file_and_removes_nothing()
    {
        StoredImage kept = Pull($"tar:{MakeTar("a", "a")}");
        Pull($"tar:{MakeTar("b", "b")}", "y");
        fixture.Write("store/refs/y", "{\"version\":1,");
        Assert.Contains("refs/y", ImageFixture.Fails(() => Store.Find("y")).Message);
        Assert.Contains("refs/y", ImageFixture.Fails(() => Store.List()).Message);
        Assert.True(Directory.Exists(Store.Find("x")!.Layers[0]));
        Assert.True(Store.Remove("y"));
        Assert.True(Directory.Exists(kept.Layers[0]));
        Assert.Single(Directory.GetDirectories(fixture["store/layers"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Layers_that_a_running_program_has_mounted_stay(bool asDecantDoes)
    {
        StoredImage image = Pull($"oci:{fixture.MakeLayout()}:one");
        Directory.CreateDirectory(fixture["mnt"]);
        // A launch gives overlayfs descriptors, which say nothing: links do the same here.
        string[] directories = [.. image.Layers];
        for (int i = 0; asDecantDoes && i < directories.Length; i++)
            directories[i] = File.CreateSymbolicLink(fixture[$"{i}"], directories[i]).FullName;
        string source = asDecantDoes ? ImageStore.MountSource(image.Layers[0]) : "overlay";
        // In a namespace of its own: one that another test makes meanwhile would otherwise begin with this mount, and keep it.
        ProcessStartInfo start = new("unshare", ["--mount", "sh", "-ec", "mount -t overlay \"$0\" -o \"$1\" \"$2\"; echo mounted; read -r line",
            source, $"lowerdir={string.Join(':', directories)}", fixture["mnt"]])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        using (Process program = Process.Start(start)!)
        {
            try
            {
                Assert.Equal("mounted", program.StandardOutput.ReadLine());
                Assert.True(Store.Remove("x"));
                Assert.All(image.Layers, layer => Assert.True(Directory.Exists(layer)));
            }
            finally
            {
                program.StandardInput.Close();
                program.WaitForExit();
            }
        }

        Pull($"tar:{MakeTar("b", "b")}", "y");
        Assert.All(image.Layers, layer => Assert.False(Directory.Exists(layer)));
    }

    [Fact]
    public void A_mount_of_the_same_layer_of_another_store_keeps_nothing()
    {
        string layout = $"oci:{fixture.MakeLayout()}:one";
        StoredImage image = Pull(layout);
        ImageStore other = new(fixture["other"]);
        string[] layers = [.. other.Pull(ImageSource.Parse(layout), "x", Platform.Host, SilentProgress.Instance).Layers];
        Directory.CreateDirectory(fixture["mnt"]);
        ImageFixture.Run("mount", "-t", "tmpfs", ImageStore.MountSource(layers[0]), fixture["mnt"]);
        try
        {
            Assert.True(Store.Remove("x"));
            Assert.All(image.Layers, layer => Assert.False(Directory.Exists(layer)));
            Assert.True(other.Remove("x"));
            Assert.All(layers, layer => Assert.True(Directory.Exists(layer)));
        }
        finally
        {
            ImageFixture.Run("umount", fixture["mnt"]);
        }
    }

    /// <summary>Counts what it hears.</summary>
    sealed class Counting : IPullProgress
    {
        public int Begun { get; private set; }
        public int UnpackedLayers { get; private set; }

        public void Begin(string source, IReadOnlyList<Descriptor> layers) => Begun++;

        public void Present(int layer)
        {
        }

        public void Fetching(int layer)
        {
        }

        public void Fetched(int layer, long bytes)
        {
        }

        public void Advance(int layer, long bytes)
        {
        }

        public void Unpacked(int layer) => UnpackedLayers++;

        public void Warn(string message)
        {
        }
    }
}
