using System.Text;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Layouts and archives of images that lie about what is in them. All are refused with a reason, and the store stays as it was.</summary>
public sealed class LayoutAttackTests(ImageFixture fixture) : IClassFixture<ImageFixture>
{
    const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    const string Index = "application/vnd.oci.image.index.v1+json";

    static readonly Dictionary<string, Action<string, JsonObject>> attacks = new()
    {
        ["manifest and index in one (CVE-2021-41190)"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "manifests", new JsonArray())),
        ["manifest under the type of an index"] = (layout, manifest) => Point(layout, Index, manifest),
        ["index under the type of a manifest"] = (layout, _) => Point(layout, Manifest, new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray() }),
        ["configuration as layer"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "layers", new JsonArray(manifest["config"]!.DeepClone(), manifest["config"]!.DeepClone(), manifest["config"]!.DeepClone()))),
        ["layer as configuration"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "config", manifest["layers"]![0]!.DeepClone())),
        ["layer under the type of a configuration"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "config", Retyped(manifest["layers"]![0]!, "application/vnd.oci.image.config.v1+json"))),
        ["size of a layer too small"] = (layout, manifest) => Point(layout, Manifest, Resized(manifest, -1)),
        ["size of a layer too large"] = (layout, manifest) => Point(layout, Manifest, Resized(manifest, 1)),
        ["size of a layer negative"] = (layout, manifest) => Point(layout, Manifest, Resized(manifest, long.MinValue / 2)),
        ["layers swapped"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "layers", new JsonArray(manifest["layers"]![1]!.DeepClone(), manifest["layers"]![0]!.DeepClone(), manifest["layers"]![2]!.DeepClone()))),
        ["more layers than the configuration has"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "layers", new JsonArray([.. Enumerable.Repeat(manifest["layers"]![0]!, 4).Select(l => l.DeepClone())]))),
        ["digest with a path"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "config", new JsonObject { ["mediaType"] = "application/vnd.oci.image.config.v1+json", ["digest"] = "sha256:../../../../../../etc/passwd", ["size"] = 5 })),
        ["digest of another algorithm"] = (layout, manifest) => Point(layout, Manifest, With(manifest, "config", new JsonObject { ["mediaType"] = "application/vnd.oci.image.config.v1+json", ["digest"] = "md5:d41d8cd98f00b204e9800998ecf8427e", ["size"] = 0 })),
        ["index within itself, as far as digests allow"] = (layout, manifest) => Nest(layout, manifest, 12),
        ["deeply nested JSON"] = (layout, _) => PointText(layout, string.Concat(Enumerable.Repeat("{\"a\":", 100_000))),
        ["deeply nested arrays in what nobody reads"] = (layout, manifest) => PointText(layout, manifest.ToJsonString()[..^1] + ",\"x\":" + new string('[', 5000) + new string(']', 5000) + "}"),
        ["huge number"] = (layout, manifest) => PointText(layout, manifest.ToJsonString().Replace("\"size\":", "\"size\":1" + new string('0', 400) + ",\"size2\":", StringComparison.Ordinal)),
        ["document of five megabytes"] = (layout, manifest) => PointText(layout, manifest.ToJsonString() + new string(' ', 5 << 20)),
        ["index.json is a pipe"] = (layout, _) => Replace(layout + "/index.json", "mkfifo"),
        ["index.json is a device"] = (layout, _) => Replace(layout + "/index.json", "sh", "-c", "mknod \"$0\" c 1 5"),
        ["index.json is a directory"] = (layout, _) => Replace(layout + "/index.json", "mkdir"),
        ["index.json is a link to itself"] = (layout, _) => Replace(layout + "/index.json", "ln", "-s", "index.json"),
        ["blob is a pipe"] = (layout, manifest) => Replace(BlobOf(layout, manifest["layers"]![1]!), "mkfifo"),
        ["blob is an endless device"] = (layout, manifest) => Replace(BlobOf(layout, manifest["layers"]![1]!), "ln", "-s", "/dev/zero"),
        ["blob is a link to another file"] = (layout, manifest) => Replace(BlobOf(layout, manifest["layers"]![1]!), "ln", "-s", "/etc/passwd"),
        ["blob is a link to itself"] = (layout, manifest) => Replace(BlobOf(layout, manifest["config"]!), "sh", "-c", "ln -s \"$0\" \"$0\""),
        ["blob is missing"] = (layout, manifest) => File.Delete(BlobOf(layout, manifest["layers"]![2]!)),
        ["blob is empty"] = (layout, manifest) => File.WriteAllBytes(BlobOf(layout, manifest["layers"]![2]!), []),
    };

    public static TheoryData<string> Attacks => [.. attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_layout_that_lies_is_refused_and_leaves_nothing(string attack)
    {
        string name = Guid.NewGuid().ToString("n");
        ImageFixture.Run("cp", "-a", LayoutTemplate.Path, fixture[name]);
        string layout = fixture[name];
        JsonNode descriptor = JsonNode.Parse(File.ReadAllBytes(layout + "/index.json"))!["manifests"]![0]!;
        attacks[attack](layout, JsonNode.Parse(File.ReadAllBytes(BlobOf(layout, descriptor)))!.AsObject());

        DecantException refused = ImageFixture.Fails(() => fixture.Store.Pull(ImageSource.Parse($"oci:{layout}"), "x", Platform.Host, new SilentProgress()));
        Assert.Contains(layout, refused.Message);
        Assert.Empty(fixture.Store.List());
        Assert.Empty(Directory.GetFileSystemEntries(fixture["store/layers"]));
        Assert.Empty(Directory.GetFileSystemEntries(fixture["store/blobs/sha256"]));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(fixture["store/tmp"]), entry => !entry.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../../../../../../etc/passwd", "missing")]
    [InlineData("/etc/passwd", "missing")]
    [InlineData("link", "missing")]
    [InlineData("loop", "leads nowhere")]
    [InlineData("hard", "missing")]
    [InlineData("d", "not a plain file")]
    [InlineData("", "missing")]
    public void Names_in_a_docker_archive_stay_inside_of_it(string config, string reason)
    {
        string json = new JsonArray(new JsonObject { ["Config"] = config, ["RepoTags"] = new JsonArray("a:b"), ["Layers"] = new JsonArray("l/layer.tar") }).ToJsonString();
        string path = fixture[Guid.NewGuid().ToString("n") + ".tar"];
        File.WriteAllBytes(path, new TestArchive().File("manifest.json", json).Link("link", "/etc/passwd").Link("loop", "loop").HardLink("hard", "/etc/passwd").Directory("d").End());

        DecantException refused = ImageFixture.Fails(() => fixture.Store.Pull(ImageSource.Parse($"docker-archive:{path}"), "x", Platform.Host, new SilentProgress()));
        Assert.Contains(reason, refused.Message);
        Assert.DoesNotContain("root:x:0:0", refused.Message);
        Assert.Empty(fixture.Store.List());
    }

    static JsonObject With(JsonObject manifest, string key, JsonNode value)
    {
        manifest[key] = value;
        return manifest;
    }

    static JsonNode Retyped(JsonNode descriptor, string type)
    {
        JsonNode copy = descriptor.DeepClone();
        copy["mediaType"] = type;
        return copy;
    }

    static JsonObject Resized(JsonObject manifest, long by)
    {
        JsonNode layer = manifest["layers"]![1]!;
        layer["size"] = layer["size"]!.GetValue<long>() + by;
        return manifest;
    }

    static void Nest(string layout, JsonObject manifest, int depth)
    {
        JsonObject inner = ImageFixture.AddBlob(layout, Manifest, manifest.ToJsonString());
        for (int i = 0; i < depth; i++)
            inner = ImageFixture.AddBlob(layout, Index, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = new JsonArray(inner) }.ToJsonString());
        WriteIndex(layout, inner);
    }

    static void Point(string layout, string type, JsonObject document) => WriteIndex(layout, ImageFixture.AddBlob(layout, type, document.ToJsonString()));

    static void PointText(string layout, string text) => WriteIndex(layout, ImageFixture.AddBlob(layout, Manifest, text));

    static void WriteIndex(string layout, JsonObject descriptor) =>
        File.WriteAllText(layout + "/index.json", new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) }.ToJsonString(), new UTF8Encoding(false));

    static string BlobOf(string layout, JsonNode descriptor) => $"{layout}/blobs/sha256/{descriptor["digest"]!.GetValue<string>()[7..]}";

    static void Replace(string path, string tool, params string[] arguments)
    {
        File.Delete(path);
        ImageFixture.Run(tool, [.. arguments, path]);
    }
}
