using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Images written for other tools, and read back by them.</summary>
public sealed class ExportTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    StoredImage Pull(string source, string name = "x") =>
        fixture.Store.Pull(ImageSource.Parse(source), name, Platform.Host, SilentProgress.Instance);

    void Export(string target, string name = "x") => fixture.Store.Export(name, ExportTarget.Parse(target, name));

    static string DigestOf(string image) => (string)JsonNode.Parse(ImageFixture.Run("skopeo", "inspect", image))!["Digest"]!;

    [Theory]
    [InlineData("oci:", "")]
    [InlineData("oci:", ":tag")]
    [InlineData("oci-archive:", "")]
    [InlineData("oci-archive:", ":tag")]
    public void A_layout_keeps_the_image_s_digest_for_skopeo_and_decant(string transport, string tag)
    {
        StoredImage image = Pull($"oci:{fixture.MakeLayout()}:one");
        Export($"{transport}{fixture["out"]}{tag}");
        Assert.Equal(image.Manifest.Digest.ToString(), DigestOf($"{transport}{fixture["out"]}{tag}"));
        StoredImage again = Pull($"{transport}{fixture["out"]}{tag}", "again");
        Assert.Equal(image.Manifest.Digest, again.Manifest.Digest);
        Assert.Equal(image.Layers, again.Layers);
    }

    [Fact]
    public void A_docker_archive_is_read_by_skopeo_and_decant_and_has_the_same_layers_and_configuration()
    {
        StoredImage image = Pull($"oci:{fixture.MakeLayout()}:one");
        Export($"docker-archive:{fixture["x.tar"]}:lab/app:1");
        ImageFixture.Run("skopeo", "copy", $"docker-archive:{fixture["x.tar"]}:lab/app:1", $"oci:{fixture["copy"]}:x");
        StoredImage again = Pull($"docker-archive:{fixture["x.tar"]}", "again");
        Assert.Equal(image.Layers, again.Layers);
        Assert.Equal(image.ConfigDigest, again.ConfigDigest);
        Assert.Contains("lab/app:1", ImageFixture.Run("skopeo", "list-tags", $"docker-archive:{fixture["x.tar"]}"));
    }

    [Theory]
    [InlineData("lab/tools:1", "lab/tools:1")]
    [InlineData("tools", "tools:latest")]
    [InlineData("Upper", null)]
    public void A_docker_archive_without_a_name_has_the_image_s_where_docker_takes_it(string name, string? tag)
    {
        Pull($"oci:{fixture.MakeLayout()}:one", name);
        Export($"docker-archive:{fixture["x.tar"]}", name);
        JsonNode manifest = JsonNode.Parse(ImageFixture.Run("tar", "-xOf", fixture["x.tar"], "manifest.json"))!;
        Assert.Equal(tag, (string?)manifest[0]!["RepoTags"]?[0]);
    }

    [Theory]
    [InlineData("oci-archive:", ":t")]
    [InlineData("docker-archive:", ":a/b:t")]
    [InlineData("tar:", "")]
    public void The_same_image_gives_the_same_bytes_from_two_stores(string transport, string rest)
    {
        string layout = fixture.MakeLayout();
        Pull($"oci:{layout}:one");
        Export($"{transport}{fixture["one.tar"]}{rest}");
        ImageStore other = new(fixture["elsewhere"]);
        other.Pull(ImageSource.Parse($"oci:{layout}:one"), "y", Platform.Host, SilentProgress.Instance);
        other.Export("y", ExportTarget.Parse($"{transport}{fixture["two.tar"]}{rest}", "y"));
        ImageFixture.Run("cmp", fixture["one.tar"], fixture["two.tar"]);
        fixture.Store.Export(ImageSource.Parse($"oci:{layout}:one"), Platform.Host, ExportTarget.Parse($"{transport}{fixture["three.tar"]}{rest}", "z"));
        ImageFixture.Run("cmp", fixture["one.tar"], fixture["three.tar"]);
    }

    [Fact]
    public void A_layout_takes_more_images_and_a_tag_moves_to_the_newer()
    {
        Pull($"oci:{fixture.MakeLayout()}:one", "old");
        fixture.Write("tree/file", "new");
        Pull($"rootfs:{fixture["tree"]}", "new");
        string layout = $"oci:{fixture["out"]}";
        Export(layout + ":a", "old");
        Export(layout + ":b", "old");
        ImageFixture.EditJson(fixture["out/index.json"], index =>
        {
            index["annotations"] = new JsonObject { ["kept"] = "yes" };
            index["manifests"]![0]!["urls"] = new JsonArray("kept too");
        });
        Export(layout + ":a", "new");
        Export(layout + ":a", "new");
        Assert.Equal(DigestOf(layout + ":b"), fixture.Store.Find("old")!.Manifest.Digest.ToString());
        Assert.Equal(DigestOf(layout + ":a"), fixture.Store.Find("new")!.Manifest.Digest.ToString());
        JsonNode index = JsonNode.Parse(File.ReadAllText(fixture["out/index.json"]))!;
        Assert.Equal("yes", (string)index["annotations"]!["kept"]!);
        Assert.Equal("kept too", (string)index["manifests"]![0]!["urls"]![0]!);
        // The image that had the tag, without it; under its other tag; and the new one, once.
        Assert.Equal(3, index["manifests"]!.AsArray().Count);
    }

    [Fact]
    public void Docker_s_manifest_becomes_an_oci_manifest()
    {
        string layout = fixture.MakeLayout();
        JsonNode index = JsonNode.Parse(File.ReadAllText(layout + "/index.json"))!;
        string old = $"{layout}/blobs/sha256/{((string)index["manifests"]![0]!["digest"]!)[7..]}";
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(old))!;
        manifest["mediaType"] = MediaTypes.DockerManifest;
        manifest["config"]!["mediaType"] = MediaTypes.DockerConfig;
        foreach (JsonNode? layer in manifest["layers"]!.AsArray())
            layer!["mediaType"] = "application/vnd.docker.image.rootfs.diff.tar.gzip";
        JsonObject descriptor = ImageFixture.AddBlob(layout, MediaTypes.DockerManifest, manifest.ToJsonString());
        ImageFixture.EditJson(layout + "/index.json", i => i["manifests"] = new JsonArray(descriptor));
        StoredImage image = Pull($"oci:{layout}");
        Export($"oci:{fixture["out"]}:t");
        JsonNode seen = JsonNode.Parse(ImageFixture.Run("skopeo", "inspect", "--raw", $"oci:{fixture["out"]}:t"))!;
        Assert.Equal(MediaTypes.Manifest, (string)seen["mediaType"]!);
        Assert.Equal(MediaTypes.LayerGzip, (string)seen["layers"]![0]!["mediaType"]!);
        ImageFixture.Run("umoci", "stat", "--image", $"{fixture["out"]}:t");
        Assert.Equal(image.Layers, Pull($"oci:{fixture["out"]}:t", "again").Layers);
    }

    [Fact]
    public void A_directory_of_other_things_is_not_made_a_layout()
    {
        Pull($"oci:{fixture.MakeLayout()}:one");
        fixture.Write("out/file", "mine");
        Assert.Contains("oci-layout", ImageFixture.Fails(() => Export($"oci:{fixture["out"]}")).Message);
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(fixture["out"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("oci-archive:")]
    [InlineData("docker-archive:")]
    [InlineData("tar:")]
    public void A_damaged_blob_is_an_error_and_leaves_the_old_file(string transport)
    {
        StoredImage image = Pull($"oci:{fixture.MakeLayout()}:one");
        string manifest = Directory.EnumerateFiles(fixture.Store.Root + "/blobs/sha256", image.Manifest.Digest.Hex).Single();
        string layer = (string)JsonNode.Parse(File.ReadAllText(manifest))!["layers"]![1]!["digest"]!;
        string blob = $"{fixture.Store.Root}/blobs/sha256/{layer[7..]}";
        byte[] bytes = File.ReadAllBytes(blob);
        bytes[^20] ^= 1;
        File.WriteAllBytes(blob, bytes);
        fixture.Write("out/x.tar", "old");
        DecantException e = ImageFixture.Fails(() => Export($"{transport}{fixture["out/x.tar"]}"));
        Assert.StartsWith("x", e.Message);
        Assert.Equal("old", File.ReadAllText(fixture["out/x.tar"]));
        Assert.Single(Directory.EnumerateFileSystemEntries(fixture["out"]));
    }

    [Fact]
    public async Task A_pipe_is_written_and_not_replaced()
    {
        Pull($"oci:{fixture.MakeLayout()}:one");
        ImageFixture.Run("mkfifo", fixture["pipe"]);
        Task<string> reader = Task.Run(() => ImageFixture.Run("sh", "-c", $"tar -t <{fixture["pipe"]}"));
        Export($"tar:{fixture["pipe"]}");
        Assert.Contains("etc/one", await reader);
        Assert.Equal(FileType.Fifo, LinuxFile.Status(fixture["pipe"]).Type);
    }

    [Theory]
    [InlineData("docker://host/x")]
    [InlineData("plain")]
    [InlineData("oci:-")]
    [InlineData("tar:")]
    [InlineData("oci-archive::tag")]
    public void Other_targets_are_refused(string target) =>
        Assert.NotNull(ImageFixture.Fails(() => ExportTarget.Parse(target, "x")).Fix);

    [Theory]
    [InlineData("app", "app:latest")]
    [InlineData("lab/app:1.0_x", "lab/app:1.0_x")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest")]
    [InlineData("Registry.example:5000/a__b:T", "Registry.example:5000/a__b:T")]
    [InlineData("App", null)]
    [InlineData("app:", null)]
    [InlineData("app@sha256:00", null)]
    [InlineData("a//b", null)]
    [InlineData("docker-archive:/x", null)]
    public void Names_are_told_apart_as_docker_does(string name, string? normal) => Assert.Equal(normal, DockerReference.TryNormalize(name));
}
