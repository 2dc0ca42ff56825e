using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class LayoutSourceTests : IDisposable
{
    const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    const string OciIndex = "application/vnd.oci.image.index.v1+json";

    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    StoredImage Pull(string source, string name = "x", string? platform = null) =>
        fixture.Store.Pull(ImageSource.Parse(source), name, platform is null ? Platform.Host : Platform.Parse(platform), SilentProgress.Instance);

    [Fact]
    public void A_layout_by_umoci_is_pulled_with_its_configuration()
    {
        string layout = fixture.MakeLayout();
        StoredImage image = Pull($"oci:{layout}:one");
        Assert.Equal(3, image.Layers.Length);
        Assert.All(image.Layers, layer => Assert.True(Directory.Exists(layer)));
        Assert.Contains("A=1", image.Config.Env);
        Assert.Contains("PATH=/bin", image.Config.Env);
        Assert.Equal(["/bin/true"], image.Config.Cmd);
        Assert.Equal(["/bin/sh"], image.Config.Entrypoint);
        Assert.Equal("/dir", image.Config.WorkingDir);
        Assert.Equal("12:34", image.Config.User);
        Assert.Equal("v", image.Config.Labels["k"]);
        Assert.Equal(["/data"], image.Config.Volumes);
        Assert.Equal(["80/tcp"], image.Config.ExposedPorts);
        Assert.Equal(Platform.Host.Architecture, image.Platform.Architecture);
        Assert.NotNull(image.Created);
        Assert.Equal("two", File.ReadAllLines(image.Layers[0] + "/etc/hard")[1]);
    }

    [Fact]
    public void An_archive_of_a_layout_is_the_same_image()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"oci-archive:{fixture["a.tar"]}:one");
        ImageFixture.Run("gzip", "-k", fixture["a.tar"]);
        StoredImage direct = Pull($"oci:{layout}:one");
        Assert.Equal(direct.Manifest.Digest, Pull($"oci-archive:{fixture["a.tar"]}").Manifest.Digest);
        Assert.Equal(direct.Manifest.Digest, Pull($"oci-archive:{fixture["a.tar.gz"]}:one").Manifest.Digest);
    }

    [Theory]
    [InlineData("gzip -dc", "tar")]
    [InlineData("gzip -dc | zstd -q", "tar+zstd")]
    [InlineData("gzip -dc | (head -c 5000 | gzip -c; true)", "tar+gzip")]
    public void Layers_are_read_however_they_are_packed(string filter, string type)
    {
        string layout = fixture.MakeLayout();
        StoredImage gzip = Pull($"oci:{layout}:one");
        // The last form is cut off, so it is an error of the layer and not of the manifest.
        Relayer(layout, filter, "application/vnd.oci.image.layer.v1." + type);
        if (filter.Contains("head"))
        {
            fixture.Store.Remove("x");
            DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:one"));
            Assert.Contains("layer 1 of 3", error.Message);
            return;
        }

        StoredImage other = Pull($"oci:{layout}:one", "y");
        Assert.Equal(gzip.Layers, other.Layers);
        Assert.NotEqual(gzip.Manifest.Digest, other.Manifest.Digest);
        fixture.Store.Remove("x");
        fixture.Store.Remove("y");
        Assert.Equal(gzip.Layers, Pull($"oci:{layout}:one").Layers);
    }

    [Fact]
    public void A_gzip_of_several_members_is_read_whole()
    {
        string layout = fixture.MakeLayout();
        StoredImage one = Pull($"oci:{layout}:one");
        Relayer(layout, "cat | (gzip -dc > $T; head -c 700 $T | gzip -c; tail -c +701 $T | gzip -c)", "application/vnd.oci.image.layer.v1.tar+gzip");
        fixture.Store.Remove("x");
        Assert.Equal(one.Layers, Pull($"oci:{layout}:one").Layers);
    }

    [Fact]
    public void A_zstd_of_several_frames_is_read_whole()
    {
        string layout = fixture.MakeLayout();
        StoredImage one = Pull($"oci:{layout}:one");
        Relayer(layout, "cat | (gzip -dc > $T; head -c 700 $T | zstd -qc; tail -c +701 $T | zstd -qc)", "application/vnd.oci.image.layer.v1.tar+zstd");
        fixture.Store.Remove("x");
        Assert.Equal(one.Layers, Pull($"oci:{layout}:one").Layers);
    }

    [Fact]
    public void Dockers_media_types_are_taken()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", "--format", "v2s2", $"oci:{layout}:one", $"dir:{fixture["dir"]}");
        string docker = fixture["docker"];
        ImageFixture.Run("umoci", "init", "--layout", docker);
        JsonNode manifest = JsonNode.Parse(File.ReadAllBytes(fixture["dir"] + "/manifest.json"))!;
        Assert.Equal("application/vnd.docker.distribution.manifest.v2+json", (string?)manifest["mediaType"]);
        foreach (string file in Directory.GetFiles(fixture["dir"]).Where(file => Path.GetFileName(file).Length == 64))
            File.Copy(file, $"{docker}/blobs/sha256/{Path.GetFileName(file)}");
        JsonObject descriptor = ImageFixture.AddBlob(docker, "application/vnd.docker.distribution.manifest.v2+json", manifest.ToJsonString());
        ImageFixture.EditJson(docker + "/index.json", index => index["manifests"] = new JsonArray(descriptor));
        Assert.Equal(Pull($"oci:{layout}:one").Layers, Pull($"oci:{docker}", "y").Layers);
    }

    [Fact]
    public void Several_tags_have_to_be_told_apart()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("umoci", "tag", "--image", $"{layout}:one", "two");
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}"));
        Assert.Contains("one, two", error.Message);
        Assert.Contains("one, two", ImageFixture.Fails(() => Pull($"oci:{layout}:three")).Message);
        Pull($"oci:{layout}:two");
    }

    [Fact]
    public void Indexes_may_be_nested_and_hold_other_platforms_and_attestations()
    {
        string layout = fixture.MakeLayout();
        Nest(layout, Platform.Host.Architecture);
        Assert.Equal(3, Pull($"oci:{layout}:many").Layers.Length);
    }

    [Fact]
    public void An_index_without_this_platform_names_those_that_it_has()
    {
        string layout = fixture.MakeLayout();
        Nest(layout, "s390x");
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:many"));
        Assert.Contains("linux/riscv64", error.Message);
        Assert.Contains("linux/s390x", error.Message);
        Assert.Contains(Platform.Host.ToString(), error.Message);
        Assert.Contains("--platform linux/", error.Fix);
    }

    [Fact]
    public void An_index_that_leads_to_itself_ends()
    {
        string layout = fixture.MakeLayout();
        JsonObject inner = ImageFixture.AddBlob(layout, OciIndex, """{"schemaVersion":2,"manifests":[]}""");
        for (int i = 0; i < 20; i++)
            inner = ImageFixture.AddBlob(layout, OciIndex, new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(inner) }.ToJsonString());
        ImageFixture.EditJson(layout + "/index.json", index => index["manifests"] = new JsonArray(inner));
        Assert.Contains("nested", ImageFixture.Fails(() => Pull($"oci:{layout}")).Message);
    }

    [Fact]
    public void The_wrong_architecture_is_refused_before_anything_is_unpacked()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("umoci", "config", "--image", $"{layout}:one", "--architecture", "s390x");
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:one"));
        Assert.Contains($"the image is linux/s390x, this host is {Platform.Host}", error.Message);
        Assert.Contains("--platform linux/s390x", error.Fix);
        Assert.Empty(Directory.GetDirectories(fixture["store/layers"]));
        Assert.Equal("s390x", Pull($"oci:{layout}:one", platform: "linux/s390x").Platform.Architecture);
    }

    [Fact]
    public void A_missing_blob_is_named()
    {
        string layout = fixture.MakeLayout();
        string blob = LayerBlobs(layout)[1];
        File.Delete(blob);
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:one"));
        Assert.Contains(blob, error.Message);
        Assert.Contains("layer 2", error.Message);
        NothingWasMade();
    }

    [Fact]
    public void A_changed_byte_is_found()
    {
        string layout = fixture.MakeLayout();
        string blob = LayerBlobs(layout)[0];
        byte[] bytes = File.ReadAllBytes(blob);
        // In gzip's header: the time. Only the digest tells.
        bytes[4] ^= 1;
        File.WriteAllBytes(blob, bytes);
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:one"));
        Assert.Contains("layer 1 of 3", error.Message);
        Assert.Contains(Digest.Sha256(bytes).ToString(), error.Message);
        NothingWasMade();
    }

    [Fact]
    public void A_cut_off_blob_is_found()
    {
        string layout = fixture.MakeLayout();
        string blob = LayerBlobs(layout)[2];
        byte[] bytes = File.ReadAllBytes(blob);
        File.WriteAllBytes(blob, bytes[..^3]);
        Assert.Contains("layer 3 of 3", ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
        File.WriteAllBytes(blob, [.. bytes, 0, 0]);
        Assert.Contains("longer than", ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
        NothingWasMade();
    }

    [Fact]
    public void A_layer_with_another_content_than_the_configuration_means_is_refused()
    {
        string layout = fixture.MakeLayout();
        Edit(layout, config: config => config["rootfs"]!["diff_ids"]![1] = Digest.Sha256("other"u8).ToString());
        DecantException error = ImageFixture.Fails(() => Pull($"oci:{layout}:one"));
        Assert.Contains("layer 2 of 3", error.Message);
        Assert.Contains(Digest.Sha256("other"u8).ToString(), error.Message);
        NothingWasMade();
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "encrypted")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "foreign")]
    [InlineData("application/wasm", "application/wasm")]
    public void Layers_that_decant_cannot_take_are_refused_with_the_reason(string type, string reason)
    {
        string layout = fixture.MakeLayout();
        Edit(layout, manifest => manifest["layers"]![1]!["mediaType"] = type);
        Assert.Contains(reason, ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
    }

    [Fact]
    public void Schema_1_and_artifacts_are_refused()
    {
        string layout = fixture.MakeLayout();
        Edit(layout, manifest => manifest["schemaVersion"] = 1);
        Assert.Contains("schema 1", ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
        Edit(layout, manifest =>
        {
            manifest["schemaVersion"] = 2;
            manifest["config"]!["mediaType"] = "application/vnd.example.thing";
        });
        Assert.Contains("application/vnd.example.thing", ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
    }

    [Fact]
    public void An_oversized_manifest_is_not_read()
    {
        string layout = fixture.MakeLayout();
        Edit(layout, manifest => manifest["annotations"] = new JsonObject { ["x"] = new string('x', 5 << 20) });
        Assert.Contains("4194304", ImageFixture.Fails(() => Pull($"oci:{layout}:one")).Message);
    }

    [Theory]
    [InlineData("oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}", "2.0.0")]
    [InlineData("oci-layout", "{", "oci-layout")]
    [InlineData("index.json", "[]", "index.json")]
    [InlineData("index.json", "{\"schemaVersion\":2,\"manifests\":[null]}", "null")]
    [InlineData("index.json", "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"sha256:../..\"}]}", "digest")]
    [InlineData("index.json", "{\"schemaVersion\":2,\"manifests\":[]}", "no image")]
    [InlineData("index.json", "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"\\udc00\"}]}", "index.json")]
    public void Documents_that_are_not_what_they_should_be_are_named(string file, string content, string named)
    {
        string layout = fixture.MakeLayout();
        File.WriteAllText($"{layout}/{file}", content);
        Assert.Contains(named, ImageFixture.Fails(() => Pull($"oci:{layout}")).Message);
    }

    [Fact]
    public void A_directory_that_is_no_layout_is_answered_with_the_other_sources()
    {
        Assert.Contains("rootfs:DIR", ImageFixture.Fails(() => Pull($"oci:{fixture.Root}")).Fix);
    }

    [Fact]
    public void A_sha512_manifest_is_verified()
    {
        string layout = fixture.MakeLayout();
        JsonNode index = JsonNode.Parse(File.ReadAllBytes(layout + "/index.json"))!;
        string old = $"{layout}/blobs/sha256/{((string)index["manifests"]![0]!["digest"]!)[7..]}";
        string hex = ImageFixture.Run("sha512sum", old).Split(' ')[0];
        Directory.CreateDirectory(layout + "/blobs/sha512");
        File.Move(old, $"{layout}/blobs/sha512/{hex}");
        ImageFixture.EditJson(layout + "/index.json", node => node["manifests"]![0]!["digest"] = "sha512:" + hex);
        Assert.Equal("sha512:" + hex, Pull($"oci:{layout}:one").Manifest.Digest.ToString());
        Assert.True(fixture.Store.Remove("x"));
        Assert.Empty(Directory.GetFiles(fixture["store/blobs/sha512"]));
    }

    void NothingWasMade()
    {
        Assert.Empty(Directory.GetFiles(fixture["store/refs"]));
        Assert.Empty(Directory.GetDirectories(fixture["store/layers"]));
        Assert.Empty(Directory.GetFiles(fixture["store/blobs/sha256"]));
        Assert.Empty(Directory.GetDirectories(fixture["store/tmp"]));
    }

    static string Blob(string layout, JsonNode descriptor) => $"{layout}/blobs/sha256/{((string)descriptor["digest"]!)[7..]}";

    static JsonNode Load(string path) => JsonNode.Parse(File.ReadAllBytes(path))!;

    static JsonNode ManifestOf(string layout) => Load(Blob(layout, Load(layout + "/index.json")["manifests"]![0]!));

    static List<string> LayerBlobs(string layout) => [.. ManifestOf(layout)["layers"]!.AsArray().Select(layer => Blob(layout, layer!))];

    /// <summary>Changes the manifest and the configuration and mends all digests above them.</summary>
    static void Edit(string layout, Action<JsonNode>? manifest = null, Action<JsonNode>? config = null)
    {
        JsonNode edited = ManifestOf(layout);
        if (config is not null)
        {
            JsonNode document = Load(Blob(layout, edited["config"]!));
            config(document);
            edited["config"] = ImageFixture.AddBlob(layout, (string)edited["config"]!["mediaType"]!, document.ToJsonString());
        }

        manifest?.Invoke(edited);
        JsonObject descriptor = ImageFixture.AddBlob(layout, OciManifest, edited.ToJsonString());
        descriptor["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "one" };
        ImageFixture.EditJson(layout + "/index.json", index => index["manifests"] = new JsonArray(descriptor));
    }

    /// <summary>Packs every layer anew by a shell filter.</summary>
    void Relayer(string layout, string filter, string type)
    {
        Edit(layout, manifest =>
        {
            JsonArray layers = manifest["layers"]!.AsArray();
            for (int i = 0; i < layers.Count; i++)
            {
                string packed = fixture[$"packed{i}"];
                ImageFixture.Script($"T={packed}.t; < {Blob(layout, layers[i]!)} {filter} > {packed}");
                byte[] bytes = File.ReadAllBytes(packed);
                Digest digest = Digest.Sha256(bytes);
                File.WriteAllBytes($"{layout}/blobs/sha256/{digest.Hex}", bytes);
                layers[i] = new JsonObject { ["mediaType"] = type, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
            }
        });
    }

    /// <summary>Tags as "many" an index of an index of: an attestation, an image for riscv64 without its blobs, and the image as if for the given processor.</summary>
    static void Nest(string layout, string architecture)
    {
        JsonNode image = Load(layout + "/index.json")["manifests"]![0]!.DeepClone();
        image["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        image.AsObject().Remove("annotations");
        JsonObject missing = new()
        {
            ["mediaType"] = OciManifest,
            ["digest"] = Digest.Sha256("missing"u8).ToString(),
            ["size"] = 7,
            ["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = "riscv64" },
        };
        JsonNode attestation = missing.DeepClone();
        attestation["platform"] = new JsonObject { ["os"] = "unknown", ["architecture"] = "unknown" };
        JsonObject inner = ImageFixture.AddBlob(layout, OciIndex, new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(attestation, missing, image) }.ToJsonString());
        JsonObject outer = ImageFixture.AddBlob(layout, OciIndex, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = OciIndex, ["manifests"] = new JsonArray(inner) }.ToJsonString());
        outer["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = "many" };
        ImageFixture.EditJson(layout + "/index.json", index => index["manifests"]!.AsArray().Add(outer));
    }
}
