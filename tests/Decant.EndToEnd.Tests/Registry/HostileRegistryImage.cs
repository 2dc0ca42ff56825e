using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>Images made on the spot for a <see cref="HostileRegistry"/>: layers of one file of noise each.</summary>
public static class HostileRegistryImage
{
    const string ConfigType = "application/vnd.oci.image.config.v1+json";
    const string LayerType = "application/vnd.oci.image.layer.v1.tar";

    static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "amd64" : "arm64";

    /// <summary>A plain tar with one file of so many bytes.</summary>
    public static byte[] Layer(int bytes)
    {
        byte[] noise = new byte[bytes];
        Random.Shared.NextBytes(noise);
        using MemoryStream tar = new();
        using (TarWriter writer = new(tar, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"noise{bytes}") { DataStream = new MemoryStream(noise) });
        return tar.ToArray();
    }

    /// <summary>Puts an image into the registry; returns the manifest's digest.</summary>
    /// <param name="change">Changes the manifest before it is stored.</param>
    public static string Add(HostileRegistry registry, string tag, IReadOnlyList<byte[]> layers, string? architecture = null, Action<JsonNode>? change = null)
    {
        JsonObject config = new()
        {
            ["os"] = "linux",
            ["architecture"] = architecture ?? Architecture,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)HostileRegistry.DigestOf(layer))]) },
        };
        byte[] configBytes = System.Text.Encoding.UTF8.GetBytes(config.ToJsonString());
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = HostileRegistry.ManifestType,
            ["config"] = Descriptor(ConfigType, registry.AddBlob(configBytes), configBytes.Length),
            ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Descriptor(LayerType, registry.AddBlob(layer), layer.Length))]),
        };
        change?.Invoke(manifest);
        return registry.AddManifest(tag, manifest.ToJsonString(), HostileRegistry.ManifestType);
    }

    public static JsonObject Descriptor(string type, string digest, int size) => new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = size };

    /// <summary>An index's entry for a manifest that the registry has.</summary>
    public static JsonObject Entry(HostileRegistry registry, string digest, string os, string architecture, string? variant = null)
    {
        (byte[] bytes, string type) = registry.Manifests[digest];
        JsonObject entry = Descriptor(type, digest, bytes.Length);
        entry["platform"] = new JsonObject { ["os"] = os, ["architecture"] = architecture };
        if (variant is not null)
            entry["platform"]!["variant"] = variant;
        return entry;
    }

    public static string AddIndex(HostileRegistry registry, string tag, params JsonObject[] entries) => registry.AddManifest(
        tag,
        new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = HostileRegistry.IndexType, ["manifests"] = new JsonArray([.. entries]) }.ToJsonString(),
        HostileRegistry.IndexType);
}
