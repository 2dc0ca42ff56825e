using System.Globalization;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Finds an image in what <c>docker save</c> wrote: by manifest.json, which every version writes. Before Docker 25 a layer is
/// LAYERID/layer.tar, or a link to another's; since then layers and configurations are blobs of an OCI layout.
/// </summary>
sealed class DockerArchiveImage(string text, TarContainer files, Platform platform)
{
    const string BlobPrefix = "blobs/sha256/";

    /// <summary>The image takes over the archive; its own name is for an image without a tag.</summary>
    public SourceImage Open(string? reference, string? ownName)
    {
        DockerArchiveDocument chosen = Choose(reference);
        string configName = chosen.Config ?? throw new DecantException($"{files.Describe("manifest.json")}: an image names no configuration");
        byte[] config = files.TryReadDocument(configName) ?? throw Missing(configName, "configuration");
        if (Implied(configName) is Digest implied && Digest.Sha256(config) != implied)
            throw new DecantException($"{files.Describe(configName)}: the content has the digest {Digest.Sha256(config)}", "save the image again: it was damaged or changed on the way");
        ImageConfig parsed = ImageConfig.Parse(config, files.Describe(configName));
        // Before the layers are looked at, which may mean reading them.
        if (parsed.Platform is Platform image && !platform.Accepts(image))
            throw SourceImage.WrongPlatform(text, image.ToString(), image, platform);
        List<string> names = (chosen.Layers ?? []).ConvertAll(name => name ?? throw new DecantException($"{files.Describe("manifest.json")}: a layer is null"));
        if (names.Count != parsed.DiffIds.Count)
            throw new DecantException($"{text}: manifest.json has {names.Count} layers and the configuration {parsed.DiffIds.Count}");
        List<Descriptor> layers = [];
        for (int i = 0; i < names.Count; i++)
            layers.Add(Describe(names[i], parsed.DiffIds[i]));
        return SourceImage.WithMadeManifest(text, config, layers, layer => files.TryOpen(names[layer]) ?? throw Missing(names[layer], "layer"), files,
            chosen.RepoTags?.Find(tag => tag is not null) ?? ownName);
    }

    DockerArchiveDocument Choose(string? reference)
    {
        byte[] json = files.TryReadDocument("manifest.json")
            ?? throw new DecantException($"{text}: no manifest.json, so docker save did not write it", "for docker export use tar:FILE, for an OCI archive oci-archive:FILE");
        string place = files.Describe("manifest.json");
        List<DockerArchiveDocument> images = ImagesJson.Read(json, ImagesJson.Default.ListDockerArchiveDocument, place)
            .ConvertAll(image => image ?? throw new DecantException($"{place}: an image is null"));
        string list = string.Join(", ", images.Select((image, index) => image.RepoTags?.Find(tag => tag is not null) ?? $"@{index}"));
        if (reference is null)
        {
            return images.Count == 1
                ? images[0]
                : throw new DecantException($"{text}: {(images.Count == 0 ? "no image" : "several images: " + PathBytes.Printable(list))}",
                    images.Count == 0 ? null : "name one: docker-archive:FILE:NAME:TAG or docker-archive:FILE:@NUMBER, counted from 0");
        }

        DockerArchiveDocument? chosen;
        if (reference.StartsWith('@') && int.TryParse(reference.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            chosen = number < images.Count ? images[number] : null;
        else
            chosen = images.Find(image => image.RepoTags?.Exists(tag => tag == reference || tag == reference + ":latest") ?? false);
        return chosen ?? throw new DecantException($"{text}: no image {PathBytes.Printable(reference)}; it has {PathBytes.Printable(list)}");
    }

    /// <summary>The descriptor that the archive does not have: from the name or the configuration where they tell, else by reading the layer.</summary>
    Descriptor Describe(string name, Digest diffId)
    {
        using Stream stream = files.TryOpen(name) ?? throw Missing(name, "layer");
        using Stream tar = LayerCompressions.Unpack(stream, files.Describe(name), ImageLimits.None, out LayerCompression compression);
        Digest digest;
        if (Implied(name) is Digest implied)
        {
            digest = implied;
        }
        else if (compression == LayerCompression.None)
        {
            digest = diffId;
        }
        else
        {
            stream.Position = 0;
            using ContentHash hash = ContentHash.Sha256();
            new HashingStream(stream, hash).CopyTo(Stream.Null);
            digest = hash.Finish();
        }

        return new Descriptor(compression.MediaType(), digest, stream.Length);
    }

    /// <summary>The digest that a blob's name gives.</summary>
    static Digest? Implied(string name) =>
        name.StartsWith(BlobPrefix, StringComparison.Ordinal) && Digest.TryParse("sha256:" + name[BlobPrefix.Length..], out Digest digest) ? digest : null;

    DecantException Missing(string name, string what) => new($"{files.Describe(name)}: the {what} is missing", "save the image again");
}
