using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Writes the demo's files as an OCI image layout with one gzip layer.</summary>
static class DemoImage
{
    const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    const string ConfigType = "application/vnd.oci.image.config.v1+json";
    const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    const uint Readable = 0x1A4; // 0644
    const uint Executable = 0x1ED; // 0755
    const uint Everyone = 0x3FF; // 1777

    /// <summary>What the image says of itself; the demo's runs look for these.</summary>
    public const string Motd = "This file comes with the image.\n";

    static readonly (string Path, string Text)[] OwnFiles =
    [
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"),
        ("/etc/group", "root:x:0:\nnogroup:x:65534:\n"),
        ("/etc/motd", Motd),
        ("/etc/os-release", "NAME=\"decant demo\"\nID=decant-demo\nPRETTY_NAME=\"decant demo image\"\n"),
    ];

    /// <summary>Bytes of the files and of the layer as stored.</summary>
    public static (long Content, long Stored) Write(DemoFiles demo, string directory)
    {
        Directory.CreateDirectory($"{directory}/blobs/sha256");
        string layer = $"{directory}/blobs/sha256/layer";
        (string diffId, long content) = WriteLayer(demo, layer);
        (string layerDigest, long layerSize) = Describe(layer);
        File.Move(layer, $"{directory}/blobs/sha256/{layerDigest}");

        (string configDigest, long configSize) = WriteBlob(directory, json => Config(json, diffId));
        (string manifestDigest, long manifestSize) = WriteBlob(directory, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", ManifestType);
            json.WritePropertyName("config");
            Descriptor(json, ConfigType, configDigest, configSize, null);
            json.WriteStartArray("layers");
            Descriptor(json, LayerType, layerDigest, layerSize, null);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        File.WriteAllText($"{directory}/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        File.WriteAllBytes($"{directory}/index.json", Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteStartArray("manifests");
            Descriptor(json, ManifestType, manifestDigest, manifestSize, "latest");
            json.WriteEndArray();
            json.WriteEndObject();
        }));
        return (content, layerSize);
    }

    static (string DiffId, long Content) WriteLayer(DemoFiles demo, string path)
    {
        using FileStream file = File.Create(path);
        using GZipStream gzip = new(file, CompressionLevel.Fastest);
        using HashAlgorithm hash = SHA256.Create();
        long content = 0;
        using (CryptoStream hashed = new(gzip, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            TreeArchive tar = new(hashed);
            foreach (string directory in Directories(demo))
                tar.AddDirectory(directory, directory == "tmp" ? Everyone : Executable);
            foreach ((string link, string target) in demo.Links)
                tar.AddLink(link.TrimStart('/'), target);
            foreach ((string name, string text) in OwnFiles)
                content += Write(tar, name, new MemoryStream(Encoding.UTF8.GetBytes(text)), Readable);
            foreach ((string name, string host) in demo.Files)
            {
                bool executable = LinuxFile.Status(host, follow: true) is { } status && (status.Permissions & 0x49) != 0;
                using FileStream source = File.OpenRead(host);
                content += Write(tar, name, source, executable ? Executable : Readable);
            }

            tar.End();
        }

        return (Convert.ToHexStringLower(hash.Hash!), content);
    }

    static long Write(TreeArchive tar, string name, Stream data, uint mode)
    {
        tar.AddFile(name.TrimStart('/'), mode, data.Length, data);
        return data.Length;
    }

    /// <summary>Every directory above a file, parents first.</summary>
    static SortedSet<string> Directories(DemoFiles demo)
    {
        SortedSet<string> all = new(StringComparer.Ordinal) { "dev", "proc", "root", "sys", "tmp", "usr/bin" };
        foreach (string path in demo.Files.Keys.Concat(demo.Links.Keys).Concat(OwnFiles.Select(own => own.Path)))
        {
            for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
                all.Add(path[1..slash]);
        }

        return all;
    }

    static void Config(Utf8JsonWriter json, string diffId)
    {
        json.WriteStartObject();
        json.WriteString("architecture", Platform.Host.Architecture);
        json.WriteString("os", Platform.Host.Os);
        json.WriteStartObject("config");
        json.WriteStartArray("Env");
        json.WriteStringValue("PATH=/usr/local/bin:/usr/bin:/bin");
        json.WriteStringValue("LANG=C.UTF-8");
        json.WriteEndArray();
        json.WriteStartArray("Cmd");
        json.WriteStringValue("sh");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        json.WriteStartArray("diff_ids");
        json.WriteStringValue("sha256:" + diffId);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Descriptor(Utf8JsonWriter json, string mediaType, string digest, long size, string? tag)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", mediaType);
        json.WriteString("digest", "sha256:" + digest);
        json.WriteNumber("size", size);
        if (tag is not null)
        {
            json.WriteStartObject("annotations");
            json.WriteString("org.opencontainers.image.ref.name", tag);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static (string Digest, long Size) WriteBlob(string directory, Action<Utf8JsonWriter> write)
    {
        byte[] bytes = Json(write);
        string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes($"{directory}/blobs/sha256/{digest}", bytes);
        return (digest, bytes.Length);
    }

    static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
            write(json);
        return stream.ToArray();
    }

    static (string Digest, long Size) Describe(string path)
    {
        using FileStream file = File.OpenRead(path);
        return (Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }
}
