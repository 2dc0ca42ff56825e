namespace Decant.Images;

/// <summary>The media types of images: image-spec media-types.md, and those of Docker's image manifest version 2, schema 2.</summary>
static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string LayerZstd = "application/vnd.oci.image.layer.v1.tar+zstd";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    public static bool IsIndex(string? type) => type is Index or DockerIndex;

    public static bool IsManifest(string? type) => type is Manifest or DockerManifest;

    public static bool IsConfig(string? type) => type is Config or DockerConfig;

    public static bool IsSchema1(string? type) =>
        type is not null && type.StartsWith("application/vnd.docker.distribution.manifest.v1", StringComparison.Ordinal);

    /// <summary>The OCI type for a layer of Docker's; others are as they are.</summary>
    public static string ToOci(string type) => type switch
    {
        DockerLayer => Layer,
        DockerLayer + ".gzip" => LayerGzip,
        DockerLayer + ".zstd" => LayerZstd,
        _ => type,
    };

    /// <summary>Why decant does not take a layer of this type; null where it does.</summary>
    public static string? WhyNotLayer(string type)
    {
        if (type.EndsWith("+encrypted", StringComparison.Ordinal))
            return "is encrypted, and decant has no keys: decrypt it first, as with skopeo copy --decryption-key";
        if (type.Contains(".foreign.", StringComparison.Ordinal) || type.Contains(".nondistributable.", StringComparison.Ordinal))
            return "is a foreign layer, which is not in the image but at a vendor's address";
        return type is Layer or LayerGzip or LayerZstd or DockerLayer or DockerLayer + ".gzip" or DockerLayer + ".zstd"
            ? null
            : $"has the media type {type}, which is no file system layer";
    }
}
