using Decant.Linux;

namespace Decant.Images;

/// <summary>A descriptor as JSON has it, nothing checked yet.</summary>
sealed record DescriptorDocument
{
    public string? MediaType { get; init; }
    public string? Digest { get; init; }
    public long Size { get; init; }
    public Dictionary<string, string?>? Annotations { get; init; }
    public PlatformDocument? Platform { get; init; }

    /// <summary>Checked; the place is for the message.</summary>
    public Descriptor ToDescriptor(string place)
    {
        if (!Images.Digest.TryParse(Digest, out Digest digest))
            throw new DecantException($"{place}: {PathBytes.Printable(Digest ?? "nothing")} is not a sha256 or sha512 digest");
        if (Size < 0)
            throw new DecantException($"{place}: the size of {digest} is {Size}");
        Dictionary<string, string> annotations = [];
        foreach ((string key, string? value) in Annotations ?? [])
            annotations[key] = value ?? "";
        return new Descriptor(MediaType ?? "", digest, Size)
        {
            Annotations = annotations,
            Platform = Platform is null ? null : Images.Platform.Of(Platform.Os ?? "", Platform.Architecture ?? "", Platform.Variant),
        };
    }

    public static DescriptorDocument From(Descriptor descriptor) => new()
    {
        MediaType = descriptor.MediaType,
        Digest = descriptor.Digest.ToString(),
        Size = descriptor.Size,
        Annotations = descriptor.Annotations.Count == 0 ? null : descriptor.Annotations.ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
        Platform = descriptor.Platform is null ? null : PlatformDocument.From(descriptor.Platform),
    };
}
