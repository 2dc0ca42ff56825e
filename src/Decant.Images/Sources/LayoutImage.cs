using Decant.Linux;

namespace Decant.Images;

/// <summary>Finds an image in an OCI image layout (image-spec image-layout.md): by tag, then by platform.</summary>
sealed class LayoutImage(string text, FileContainer files, Platform platform)
{
    const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>The image takes over the container; the file's name is for an image without a tag.</summary>
    public SourceImage Open(string? tag, string fileName)
    {
        CheckVersion();
        ImageResolver resolver = new(text, platform, ReadBlob);
        Descriptor chosen = resolver.Choose(ByTag(tag));
        string? first = RefNameOf(chosen);
        ResolvedImage found = resolver.Resolve(chosen, ReadBlob(chosen, "manifest"));
        SourceImage image = new(text, found.Manifest, found.ManifestBytes, found.Config, ReadBlob(found.Config, "configuration"), found.Layers,
            layer => OpenBlob(found.Layers[layer], $"layer {layer + 1}"), files)
        {
            SuggestedName = Suggest(tag ?? first, fileName),
        };
        image.CheckPlatform(platform);
        return image;
    }

    /// <summary>A tag that is a whole reference is a name by itself; another belongs behind the file's name.</summary>
    static string Suggest(string? tag, string fileName) =>
        tag is null ? fileName : tag.Contains(':') || tag.Contains('/') ? tag : $"{fileName}:{tag}";

    void CheckVersion()
    {
        byte[] json = files.TryReadDocument("oci-layout")
            ?? throw new DecantException($"{text}: no file oci-layout, so it is not an OCI image layout", "for what docker save wrote use docker-archive:FILE, for docker export tar:FILE, for a root directory rootfs:DIR");
        string? version = ImagesJson.Read(json, ImagesJson.Default.LayoutDocument, files.Describe("oci-layout")).ImageLayoutVersion;
        if (version is null || !version.StartsWith("1.", StringComparison.Ordinal))
            throw new DecantException($"{files.Describe("oci-layout")}: layout version {PathBytes.Printable(version ?? "missing")}; decant reads 1.x");
    }

    List<Descriptor> ByTag(string? tag)
    {
        byte[] json = files.TryReadDocument("index.json") ?? throw new DecantException($"{text}: no file index.json");
        string place = files.Describe("index.json");
        List<Descriptor> all = ImageResolver.Descriptors(ImagesJson.Read(json, ImagesJson.Default.ManifestDocument, place).Manifests, place);
        List<string> tags = [.. all.Select(RefNameOf).OfType<string>().Distinct()];
        string known = tags.Count == 0 ? "none has a tag" : "it has " + PathBytes.Printable(string.Join(", ", tags));
        if (tag is not null)
        {
            List<Descriptor> tagged = all.FindAll(descriptor => RefNameOf(descriptor) == tag);
            return tagged.Count > 0 ? tagged : throw new DecantException($"{text}: no image has the tag {PathBytes.Printable(tag)}; {known}");
        }

        if (all.Count == 0)
            throw new DecantException($"{place}: the layout holds no image");
        if (tags.Count > 1)
            throw new DecantException($"{text}: several images; {known}", $"name one: {text}:{PathBytes.Printable(tags[0])}");
        return all;
    }

    static string? RefNameOf(Descriptor descriptor) => descriptor.Annotations.GetValueOrDefault(RefName);

    byte[] ReadBlob(Descriptor descriptor, string what)
    {
        if (descriptor.Size > files.Limits.Document)
            throw new DecantException($"{text}: {what} {descriptor.Digest} has {descriptor.Size} bytes; at most {files.Limits.Document} are read", ImageLimits.Raise("document"));
        using VerifyingStream stream = new(OpenBlob(descriptor, what), descriptor, $"{text}: {what} {descriptor.Digest}");
        MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    Stream OpenBlob(Descriptor descriptor, string what)
    {
        string name = $"blobs/{descriptor.Digest.Algorithm}/{descriptor.Digest.Hex}";
        return files.TryOpen(name)
            ?? throw new DecantException($"{files.Describe(name)}: the blob of the {what} is missing", "make the layout anew, with all of the image's blobs");
    }
}
