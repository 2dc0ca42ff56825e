using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class DockerArchiveTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    StoredImage Pull(string source, string? name = "x") =>
        fixture.Store.Pull(ImageSource.Parse(source), name, Platform.Host, SilentProgress.Instance);

    [Fact]
    public void What_skopeo_writes_is_the_same_tree_and_brings_its_name()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"docker-archive:{fixture["d.tar"]}:lab/tools:1.2");
        StoredImage image = Pull($"docker-archive:{fixture["d.tar"]}", name: null);
        Assert.EndsWith("lab/tools:1.2", image.Name);
        Assert.Equal(Pull($"oci:{layout}:one").Layers, image.Layers);
        Assert.Equal(["/bin/sh"], image.Config.Entrypoint);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd -q")]
    public void The_file_may_be_packed(string packer)
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"docker-archive:{fixture["d.tar"]}");
        ImageFixture.Script($"{packer} -c {fixture["d.tar"]} > {fixture["d.packed"]}");
        Assert.Equal(Pull($"docker-archive:{fixture["d.tar"]}").Layers, Pull($"docker-archive:{fixture["d.packed"]}").Layers);
    }

    [Fact]
    public void A_cut_off_file_is_found()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"docker-archive:{fixture["d.tar"]}");
        ImageFixture.Script($"gzip -k {fixture["d.tar"]}; truncate -s -100 {fixture["d.tar.gz"]}; truncate -s 4000 {fixture["d.tar"]}");
        Assert.Contains("d.tar.gz", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["d.tar.gz"]}")).Message);
        Assert.Contains("d.tar", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["d.tar"]}")).Message);
    }

    [Fact]
    public void An_archive_of_before_Docker_25_shares_layers_by_links()
    {
        string first = MakeTree("first");
        string second = MakeTree("second");
        Legacy([("a", "one:1", [first, second]), ("b", "two:1", [first])], link: true);
        StoredImage one = Pull($"docker-archive:{fixture["l.tar"]}:one:1", "one");
        StoredImage two = Pull($"docker-archive:{fixture["l.tar"]}:@1", "two");
        Assert.Equal(2, one.Layers.Length);
        Assert.Equal(one.Layers[1], Assert.Single(two.Layers));
        Assert.Equal("second\n", File.ReadAllText(one.Layers[0] + "/name"));
    }

    [Fact]
    public void Layers_in_an_old_archive_may_be_packed()
    {
        string tar = MakeTree("first");
        ImageFixture.Run("gzip", "-k", tar);
        Legacy([("a", "one:1", [tar + ".gz"])], diffIds: [tar]);
        StoredImage image = Pull($"docker-archive:{fixture["l.tar"]}");
        Assert.Equal("first\n", File.ReadAllText(image.Layers[0] + "/name"));
    }

    [Fact]
    public void Several_images_have_to_be_told_apart()
    {
        string tar = MakeTree("first");
        Legacy([("a", "one:latest", [tar]), ("b", null, [tar])]);
        DecantException error = ImageFixture.Fails(() => Pull($"docker-archive:{fixture["l.tar"]}"));
        Assert.Contains("one:latest, @1", error.Message);
        Assert.Contains("one:latest, @1", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["l.tar"]}:@2")).Message);
        Assert.Contains("one:latest, @1", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["l.tar"]}:three")).Message);
        Pull($"docker-archive:{fixture["l.tar"]}:one");
    }

    [Fact]
    public void An_archive_of_Docker_25_and_later_names_blobs()
    {
        string layout = Modern();
        ImageFixture.Run("tar", "-cf", fixture["m.tar"], "-C", layout, ".");
        StoredImage image = Pull($"docker-archive:{fixture["m.tar"]}", name: null);
        Assert.Equal("tools:3", image.Name);
        Assert.Equal(3, image.Layers.Length);
    }

    [Fact]
    public void A_blob_that_is_not_what_its_name_says_is_found()
    {
        string layout = Modern();
        JsonNode manifest = JsonNode.Parse(File.ReadAllBytes(layout + "/manifest.json"))![0]!;
        string layer = $"{layout}/{(string)manifest["Layers"]![1]!}";
        byte[] bytes = File.ReadAllBytes(layer);
        bytes[4] ^= 1;
        File.WriteAllBytes(layer, bytes);
        ImageFixture.Run("tar", "-cf", fixture["m.tar"], "-C", layout, ".");
        Assert.Contains("layer 2 of 3", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["m.tar"]}")).Message);
        File.Delete(layer);
        ImageFixture.Run("tar", "-cf", fixture["m.tar"], "-C", layout, ".");
        Assert.Contains("layer is missing", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["m.tar"]}")).Message);
        string config = $"{layout}/{(string)manifest["Config"]!}";
        File.AppendAllText(config, " ");
        ImageFixture.Run("tar", "-cf", fixture["m.tar"], "-C", layout, ".");
        Assert.Contains("digest", ImageFixture.Fails(() => Pull($"docker-archive:{fixture["m.tar"]}")).Message);
    }

    [Fact]
    public void What_docker_export_wrote_is_answered_with_its_source()
    {
        Assert.Contains("tar:FILE", ImageFixture.Fails(() => Pull($"docker-archive:{MakeTree("first")}")).Fix);
    }

    /// <summary>A layer's tar with one file.</summary>
    string MakeTree(string name)
    {
        fixture.Write($"{name}/name", name + "\n");
        ImageFixture.Run("tar", "-cf", fixture[name + ".tar"], "-C", fixture[name], "name");
        return fixture[name + ".tar"];
    }

    /// <summary>As docker save wrote until version 24: l.tar with LAYERID/layer.tar, shared ones linked, and configurations beside manifest.json.</summary>
    void Legacy((string Id, string? Tag, string[] Layers)[] images, bool link = false, string[]? diffIds = null)
    {
        string directory = fixture["legacy"];
        JsonArray manifest = [];
        Dictionary<string, string> placed = [];
        foreach ((string id, string? tag, string[] layers) in images)
        {
            JsonArray names = [];
            foreach (string layer in layers)
            {
                string name = $"{id}{names.Count}/layer.tar";
                Directory.CreateDirectory(Path.GetDirectoryName($"{directory}/{name}")!);
                if (link && placed.TryGetValue(layer, out string? other))
                    File.CreateSymbolicLink($"{directory}/{name}", $"../{other}");
                else
                    File.Copy(layer, $"{directory}/{name}");
                placed.TryAdd(layer, name);
                names.Add(name);
            }

            JsonArray digests = [.. (diffIds ?? layers).Select(layer => (JsonNode)Digest.Sha256(File.ReadAllBytes(layer)).ToString())];
            fixture.Write($"legacy/{id}.json", new JsonObject
            {
                ["architecture"] = Platform.Host.Architecture,
                ["os"] = "linux",
                ["config"] = new JsonObject { ["Env"] = null, ["Cmd"] = new JsonArray("/bin/sh") },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = digests },
            }.ToJsonString());
            manifest.Add(new JsonObject { ["Config"] = $"{id}.json", ["RepoTags"] = tag is null ? null : new JsonArray(tag), ["Layers"] = names });
        }

        fixture.Write("legacy/manifest.json", manifest.ToJsonString());
        fixture.Write("legacy/repositories", "{}");
        ImageFixture.Run("tar", "-cf", fixture["l.tar"], "-C", directory, ".");
    }

    /// <summary>As docker save writes since version 25: an OCI layout with a manifest.json that names its blobs.</summary>
    string Modern()
    {
        string layout = fixture.MakeLayout();
        string Blob(JsonNode descriptor) => "blobs/sha256/" + ((string)descriptor["digest"]!)[7..];
        JsonNode index = JsonNode.Parse(File.ReadAllBytes(layout + "/index.json"))!;
        JsonNode manifest = JsonNode.Parse(File.ReadAllBytes($"{layout}/{Blob(index["manifests"]![0]!)}"))!;
        JsonArray layers = [.. manifest["layers"]!.AsArray().Select(layer => (JsonNode)Blob(layer!))];
        File.WriteAllText(layout + "/manifest.json", new JsonArray(new JsonObject
        {
            ["Config"] = Blob(manifest["config"]!),
            ["RepoTags"] = new JsonArray("tools:3"),
            ["Layers"] = layers,
        }).ToJsonString());
        return layout;
    }
}
