namespace Decant.Images;

/// <summary>
/// An image as the blobs of an OCI image layout. An OCI image keeps its manifest byte for byte, and with it its digest; Docker's
/// manifest, which layouts do not hold, becomes an OCI one of the same configuration and layers.
/// </summary>
sealed class LayoutContent
{
    readonly SourceImage image;

    public LayoutContent(SourceImage image)
    {
        this.image = image;
        ManifestBytes = image.Manifest.MediaType == MediaTypes.DockerManifest ? Converted(image) : image.ManifestBytes;
        Manifest = new Descriptor(
            image.Manifest.MediaType == MediaTypes.DockerManifest ? MediaTypes.Manifest : image.Manifest.MediaType,
            ManifestBytes == image.ManifestBytes ? image.Manifest.Digest : Digest.Sha256(ManifestBytes),
            ManifestBytes.Length)
        {
            Platform = image.Config.Platform,
        };
    }

    /// <summary>With the platform, as an index has it.</summary>
    public Descriptor Manifest { get; }

    public byte[] ManifestBytes { get; }

    public static byte[] LayoutFile { get; } = ImagesJson.Write(new LayoutDocument { ImageLayoutVersion = "1.0.0" }, ImagesJson.Default.LayoutDocument);

    public static string NameOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    /// <summary>Each blob once: the manifest, the configuration, the layers from the lowest. The streams verify themselves at their ends.</summary>
    public IEnumerable<(Descriptor Blob, Func<Stream> Open)> Blobs()
    {
        yield return (Manifest, () => new MemoryStream(ManifestBytes));
        yield return (image.ConfigDescriptor, () => new MemoryStream(image.ConfigBytes));
        HashSet<Digest> seen = [];
        for (int i = 0; i < image.Layers.Count; i++)
        {
            int layer = i;
            Descriptor blob = image.Layers[layer];
            if (seen.Add(blob.Digest))
                yield return (blob, () => new VerifyingStream(image.OpenLayer(layer), blob, $"{image.Text}: layer {layer + 1} of {image.Layers.Count} ({blob.Digest})"));
        }
    }

    static byte[] Converted(SourceImage image) => ImagesJson.Write(
        new ManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = DescriptorDocument.From(image.ConfigDescriptor with { MediaType = MediaTypes.Config }),
            Layers = [.. image.Layers.Select(layer => DescriptorDocument.From(layer with { MediaType = MediaTypes.ToOci(layer.MediaType) }))],
        },
        ImagesJson.Default.ManifestDocument);
}
