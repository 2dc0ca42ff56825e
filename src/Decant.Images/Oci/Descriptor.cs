namespace Decant.Images;

/// <summary>A reference to a blob (image-spec descriptor.md); its size is in bytes of the blob as stored.</summary>
public sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>In an index: what the manifest is for; null where it does not say.</summary>
    public Platform? Platform { get; init; }
}
