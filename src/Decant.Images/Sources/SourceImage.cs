using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// An image as a source holds it, whatever the medium: the manifest and the configuration byte for byte, and the layers'
/// blobs as stored. It does not change; layers are read when asked for.
/// </summary>
sealed class SourceImage : IDisposable
{
    readonly Func<int, Stream> openLayer;
    readonly IDisposable? owned;

    /// <exception cref="DecantException">The parts do not belong together.</exception>
    public SourceImage(string text, Descriptor manifest, byte[] manifestBytes, Descriptor config, byte[] configBytes,
        IReadOnlyList<Descriptor> layers, Func<int, Stream> openLayer, IDisposable? owned)
    {
        Text = text;
        Manifest = manifest;
        ManifestBytes = manifestBytes;
        ConfigDescriptor = config;
        ConfigBytes = configBytes;
        Layers = layers;
        this.openLayer = openLayer;
        this.owned = owned;
        Config = ImageConfig.Parse(configBytes, $"{text}: configuration {config.Digest}");
        if (layers.Count == 0)
            throw new DecantException($"{text}: the image has no layers, so there is nothing to run");
        if (layers.Count != Config.DiffIds.Count)
            throw new DecantException($"{text}: the manifest has {layers.Count} layers and the configuration {Config.DiffIds.Count}");
        for (int i = 0; i < layers.Count; i++)
        {
            if (MediaTypes.WhyNotLayer(layers[i].MediaType) is string reason)
                throw new DecantException($"{text}: layer {i + 1} of {layers.Count} ({layers[i].Digest}) {PathBytes.Printable(reason)}");
        }
    }

    /// <summary>The source's text, for messages.</summary>
    public string Text { get; }

    public Descriptor Manifest { get; }
    public byte[] ManifestBytes { get; }
    public Descriptor ConfigDescriptor { get; }
    public byte[] ConfigBytes { get; }
    public ImageConfig Config { get; }

    /// <summary>The lowest first.</summary>
    public IReadOnlyList<Descriptor> Layers { get; }

    /// <summary>What the image calls itself, as a name for the store; null where it does not.</summary>
    public string? SuggestedName { get; init; }

    /// <summary>What the user is to know of the image besides, such as what it had around it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Where the source fetches ahead: is told, before the first layer is opened, which layers the store lacks (asked again at
    /// that moment) and who hears of it.
    /// </summary>
    public Action<Func<int, bool>, IPullProgress>? Prepare { get; init; }

    /// <summary>Where the source fetches ahead: ends that, and whoever waits for it hears of an <see cref="OperationCanceledException"/>.</summary>
    public Action? Cancel { get; init; }

    /// <summary>Where the source fetches ahead: after <see cref="Cancel"/>, what has arrived whole takes the place that a blob has; returns how many did.</summary>
    public Func<Func<Digest, string>, int>? KeepArrived { get; init; }

    /// <summary>The layer's blob as stored, from its start; not verified. The caller disposes it.</summary>
    public Stream OpenLayer(int layer) => openLayer(layer);

    public void Dispose() => owned?.Dispose();

    /// <exception cref="DecantException">The image is for another platform than the one asked for.</exception>
    public void CheckPlatform(Platform wanted)
    {
        if (Config.Platform is Platform image && !wanted.Accepts(image))
            throw WrongPlatform(Text, image.ToString(), image, wanted);
    }

    /// <summary>An image made of a configuration and layers that came without a manifest.</summary>
    public static SourceImage WithMadeManifest(string text, byte[] config, IReadOnlyList<Descriptor> layers, Func<int, Stream> openLayer, IDisposable? owned, string? suggestedName, IReadOnlyList<string>? notes = null)
    {
        Descriptor configDescriptor = new(MediaTypes.Config, Digest.Sha256(config), config.Length);
        byte[] manifest = ImagesJson.Write(
            new ManifestDocument
            {
                SchemaVersion = 2,
                MediaType = MediaTypes.Manifest,
                Config = DescriptorDocument.From(configDescriptor),
                Layers = [.. layers.Select(DescriptorDocument.From)],
            },
            ImagesJson.Default.ManifestDocument);
        return new SourceImage(text, new Descriptor(MediaTypes.Manifest, Digest.Sha256(manifest), manifest.Length), manifest,
            configDescriptor, config, layers, openLayer, owned)
        {
            SuggestedName = suggestedName,
            Notes = notes ?? [],
        };
    }

    /// <summary>Names both platforms and the option that takes the image as it is.</summary>
    public static DecantException WrongPlatform(string text, string found, Platform first, Platform wanted)
    {
        string who = wanted == Platform.Host ? "this host is" : "asked for is";
        return new DecantException($"{text}: the image is {PathBytes.Printable(found)}, {who} {wanted}",
            $"take an image for {wanted}, or add --platform {PathBytes.Printable(first.ToString())} to take this one anyway");
    }
}
