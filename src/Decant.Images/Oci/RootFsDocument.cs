using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>The "rootfs" of an image configuration: the digests of the uncompressed layers, the lowest first.</summary>
sealed record RootFsDocument
{
    public string? Type { get; init; }

    [JsonPropertyName("diff_ids")]
    public List<string?>? DiffIds { get; init; }
}
