using System.Text.Json.Nodes;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>What a registry says that an image is: chosen by platform, or refused with the reason.</summary>
public sealed class RegistryManifestTests : IDisposable
{
    readonly HostileRegistry registry = new();
    readonly RegistryRoom room = new();

    public void Dispose()
    {
        registry.Dispose();
        room.Dispose();
    }

    string Platform(string name) => JsonNode.Parse(room.Decant("inspect", "--json", name).Expect(0).OutputBytes)!["image"]!["platform"]!.GetValue<string>();

    [Fact]
    public void The_platform_is_found_through_nested_indexes_and_past_attestations()
    {
        byte[] layer = HostileRegistryImage.Layer(100);
        string amd64 = HostileRegistryImage.Add(registry, "amd64", [layer], "amd64");
        string arm64 = HostileRegistryImage.Add(registry, "arm64", [layer, HostileRegistryImage.Layer(200)], "arm64");
        string attestation = HostileRegistryImage.Add(registry, "attestation", [HostileRegistryImage.Layer(300)], "unknown");
        string inner = HostileRegistryImage.AddIndex(registry, "inner",
            HostileRegistryImage.Entry(registry, attestation, "unknown", "unknown"),
            HostileRegistryImage.Entry(registry, amd64, "linux", "amd64"),
            HostileRegistryImage.Entry(registry, arm64, "linux", "arm64", "v8"));
        JsonObject nested = HostileRegistryImage.Entry(registry, inner, "linux", "amd64");
        nested.Remove("platform");
        HostileRegistryImage.AddIndex(registry, "1", nested);
        room.Decant("pull", "--platform", "linux/amd64", registry.Image, "a").Expect(0);
        room.Decant("pull", "--platform", "linux/arm64/v8", registry.Image, "b").Expect(0);
        Assert.Equal("linux/amd64", Platform("a"));
        Assert.Equal("linux/arm64", Platform("b"));
        room.Decant("pull", "--platform", "linux/s390x", registry.Image).ExpectError(125, "linux/amd64, linux/arm64/v8", "asked for is linux/s390x");
    }

    [Fact]
    public void An_index_of_attestations_alone_holds_no_image()
    {
        string attestation = HostileRegistryImage.Add(registry, "attestation", [HostileRegistryImage.Layer(300)]);
        JsonObject entry = HostileRegistryImage.Entry(registry, attestation, "linux", "amd64");
        entry["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" };
        HostileRegistryImage.AddIndex(registry, "1", entry);
        room.Decant("pull", registry.Image).ExpectError(125, "holds no image");
    }

    [Theory]
    [InlineData("application/vnd.docker.distribution.manifest.v1+prettyjws", """{"schemaVersion":1,"fsLayers":[]}""", "schema 1")]
    [InlineData("application/json", """{"schemaVersion":1,"fsLayers":[]}""", "schema 1")]
    [InlineData(HostileRegistry.IndexType, """{"schemaVersion":2,"manifests":[],"layers":[]}""", "an index and a manifest in one")]
    [InlineData(HostileRegistry.ManifestType, """{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":2},"layers":[]}""", "an artifact")]
    [InlineData(HostileRegistry.ManifestType, "<html>log in at the portal</html>", "not the JSON that belongs here")]
    [InlineData(HostileRegistry.ManifestType, "", "not the JSON that belongs here")]
    public void What_is_no_image_is_refused_with_the_reason(string type, string json, string reason)
    {
        registry.AddManifest("1", json, type);
        room.Decant("pull", registry.Image).ExpectError(125, reason);
        room.ExpectEmptyStore();
    }

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "foreign layer")]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "foreign layer")]
    [InlineData("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "is encrypted")]
    public void Layers_that_decant_cannot_take_are_refused_before_anything_is_fetched(string type, string reason)
    {
        HostileRegistryImage.Add(registry, "1", [HostileRegistryImage.Layer(100)], change: manifest =>
        {
            manifest["layers"]![0]!["mediaType"] = type;
            manifest["layers"]![0]!["urls"] = new JsonArray("http://192.0.2.1/layer");
        });
        room.Decant("pull", registry.Image).ExpectError(125, reason);
        Assert.Equal(1, registry.Requests.Count(request => request.IsBlob));
    }

    [Fact]
    public void A_manifest_that_is_not_what_the_registry_or_the_reference_says_is_refused()
    {
        HostileRegistryImage.Add(registry, "1", [HostileRegistryImage.Layer(100)]);
        string wanted = HostileRegistryImage.Add(registry, "2", [HostileRegistryImage.Layer(100)]);
        registry.Manifests[wanted] = registry.Manifests["1"];
        room.Decant("pull", $"docker://{registry.Host}/x@{wanted}").ExpectError(125, "the reference means " + wanted);
        registry.Trick = request => request.IsManifest ? registry.Honest(request) with { Headers = [("Docker-Content-Digest", wanted)] } : null;
        room.Decant("pull", registry.Image).ExpectError(125, "the registry says that it has " + wanted);
        room.ExpectEmptyStore();
    }

    [Fact]
    public void A_manifest_without_end_is_not_read()
    {
        registry.AddManifest("1", new string(' ', 5 << 20), HostileRegistry.ManifestType);
        room.Decant("pull", registry.Image).ExpectError(125, "at most 4194304", "document");
        registry.Trick = request => request.IsManifest ? registry.Honest(request) with { Chunked = true } : null;
        room.Decant("pull", registry.Image).ExpectError(125, "at most 4194304", "document");
    }

    [Fact]
    public void A_layer_with_another_content_is_refused_and_leaves_nothing()
    {
        byte[] layer = HostileRegistryImage.Layer(500_000);
        HostileRegistryImage.Add(registry, "1", [HostileRegistryImage.Layer(100), layer]);
        string digest = HostileRegistry.DigestOf(layer);
        byte[] changed = [.. layer];
        changed[400_000] ^= 1;
        registry.Blobs[digest] = changed;
        room.Decant("pull", registry.Image).ExpectError(125, "layer 2 of 2", digest, HostileRegistry.DigestOf(changed));
        room.ExpectEmptyStore();
    }

    [Theory]
    [InlineData(false, 1, "its descriptor gives")]
    [InlineData(false, -1, "its descriptor gives")]
    [InlineData(true, 1, "sends more")]
    [InlineData(true, -1, "given up")]
    public void A_layer_of_another_size_is_refused(bool chunked, int more, string reason)
    {
        byte[] layer = HostileRegistryImage.Layer(500_000);
        HostileRegistryImage.Add(registry, "1", [layer]);
        registry.Blobs[HostileRegistry.DigestOf(layer)] = more < 0 ? layer[..^1] : [.. layer, 0];
        registry.Trick = request => request.IsBlob && chunked ? registry.Honest(request with { Headers = new Dictionary<string, string>() }) with { Chunked = true } : null;
        room.Decant("pull", registry.Image).ExpectError(125, "layer 1 of 1", reason);
        room.ExpectEmptyStore();
    }

    [Fact]
    public void A_mirror_is_asked_first_and_the_registry_for_what_it_lacks()
    {
        using HostileRegistry mirror = new();
        byte[] layer = HostileRegistryImage.Layer(1000);
        HostileRegistryImage.Add(registry, "1", [layer]);
        HostileRegistryImage.Add(registry, "2", [layer]);
        mirror.Manifests["1"] = registry.Manifests["1"];
        using RegistryRoom mirrored = new($"[registries.\"{registry.Host}\"]\nmirrors = [\"127.0.0.1:1\", \"{mirror.Host}/copy/of\"]");
        mirrored.Decant("pull", registry.Image).ExpectError(0, "127.0.0.1:1");
        Assert.Contains(mirror.Requests, request => request.Target == "/v2/copy/of/x/manifests/1");
        Assert.DoesNotContain(registry.Requests, request => request.IsManifest);
        Assert.Contains(registry.Requests, request => request.IsBlob);
        mirrored.Decant("pull", $"docker://{registry.Host}/x:2").Expect(0);
        Assert.Contains(registry.Requests, request => request.Target == "/v2/x/manifests/2");
    }
}
