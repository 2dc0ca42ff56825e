using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// From a manifest or an index to the image for a platform: through indexes within indexes, past what is no image, to a manifest
/// that decant can use.
/// </summary>
/// <param name="text">The source, for messages.</param>
/// <param name="readBlob">A document by its descriptor, verified; its second word is for messages.</param>
sealed class ImageResolver(string text, Platform platform, Func<Descriptor, string, byte[]> readBlob)
{
    /// <summary>Indexes within indexes, at most.</summary>
    const int MaximumDepth = 8;

    const string DockerReferenceType = "vnd.docker.reference.type";

    /// <exception cref="DecantException">It leads to no image for the platform, or to one that decant cannot take.</exception>
    public ResolvedImage Resolve(Descriptor chosen, byte[] bytes)
    {
        ManifestDocument document = Parse(bytes, chosen);
        for (int depth = 0; IsIndex(document, chosen); depth++)
        {
            if (depth == MaximumDepth)
                throw new DecantException($"{text}: indexes are nested more than {MaximumDepth} deep");
            chosen = Choose(Descriptors(document.Manifests, $"{text}: index {chosen.Digest}"));
            bytes = readBlob(chosen, "manifest");
            document = Parse(bytes, chosen);
        }

        string place = $"{text}: manifest {chosen.Digest}";
        if (document.SchemaVersion == 1 || MediaTypes.IsSchema1(document.MediaType ?? chosen.MediaType))
            throw new DecantException($"{place}: a Docker manifest of schema 1, which has no digests of its layers' content", "save or push the image anew with a Docker of this decade");
        if (document.Config is null)
            throw new DecantException($"{place}: it names no configuration, so it is not an image");
        Descriptor config = document.Config.ToDescriptor(place);
        if (!MediaTypes.IsConfig(config.MediaType))
            throw new DecantException($"{place}: an artifact ({PathBytes.Printable(document.ArtifactType ?? config.MediaType)}), not an image");
        string type = document.MediaType ?? (chosen.MediaType.Length > 0 ? chosen.MediaType : MediaTypes.Manifest);
        return new ResolvedImage(new Descriptor(type, chosen.Digest, bytes.Length), bytes, config, Descriptors(document.Layers, place));
    }

    /// <summary>The one that fits best; one that does not say what it is for is taken where none fits better, and its configuration checked later.</summary>
    public Descriptor Choose(List<Descriptor> offered)
    {
        List<Descriptor> images = offered.FindAll(descriptor => !IsAttestation(descriptor));
        List<Descriptor> fitting = images.FindAll(image => image.Platform is Platform p && platform.Accepts(p));
        if (fitting.Count > 0)
        {
            // Of several variants the one asked for, else the highest; where no variant was asked for, the lowest, which runs everywhere.
            bool lowest = platform.Variant is null && platform.Architecture == "amd64";
            return fitting.OrderByDescending(image => image.Platform!.Variant == platform.Variant)
                .ThenBy(image => (Platform.Level(image.Platform!) ?? 0) * (lowest ? 1 : -1))
                .First();
        }

        if (images.Find(image => image.Platform is null) is Descriptor unsaid)
            return unsaid;
        if (images.Count == 0)
            throw new DecantException($"{text}: the index holds no image");
        throw SourceImage.WrongPlatform(text, string.Join(", ", images.Select(image => image.Platform)), images[0].Platform!, platform);
    }

    public static List<Descriptor> Descriptors(List<DescriptorDocument?>? documents, string place) =>
        (documents ?? []).ConvertAll(document => (document ?? throw new DecantException($"{place}: a descriptor is null")).ToDescriptor(place));

    /// <summary>BuildKit's provenance manifests are no images.</summary>
    static bool IsAttestation(Descriptor descriptor) =>
        descriptor.Platform is { Os: "unknown", Architecture: "unknown" } || descriptor.Annotations.ContainsKey(DockerReferenceType);

    /// <summary>What could be read as a manifest by one tool and as an index by another is refused (CVE-2021-41190).</summary>
    ManifestDocument Parse(byte[] bytes, Descriptor descriptor)
    {
        string place = $"{text}: manifest {descriptor.Digest}";
        ManifestDocument document = ImagesJson.Read(bytes, ImagesJson.Default.ManifestDocument, place);
        if (document.Manifests is not null && (document.Config is not null || document.Layers is not null))
            throw new DecantException($"{place}: it is an index and a manifest in one, so tools would not agree on the image");
        foreach (string? type in (ReadOnlySpan<string?>)[document.MediaType, descriptor.MediaType])
        {
            if ((MediaTypes.IsManifest(type) && document.Manifests is not null) || (MediaTypes.IsIndex(type) && document.Config is not null))
                throw new DecantException($"{place}: its media type is {type}, and its content another");
        }

        return document;
    }

    /// <summary>The document's own word goes before the descriptor's: image-spec wants them equal, and its content decides where both are silent.</summary>
    static bool IsIndex(ManifestDocument document, Descriptor descriptor)
    {
        string type = document.MediaType ?? descriptor.MediaType;
        return MediaTypes.IsIndex(type) || (!MediaTypes.IsManifest(type) && document.Manifests is not null && document.Config is null);
    }
}
