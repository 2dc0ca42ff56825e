using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>GET /images/NAME/json, as far as decant uses it.</summary>
sealed record EngineImageDocument
{
    [JsonPropertyName("Id")]
    public string? Id { get; init; }

    [JsonPropertyName("RepoTags")]
    public List<string?>? RepoTags { get; init; }

    [JsonPropertyName("Os")]
    public string? Os { get; init; }

    [JsonPropertyName("Architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("Variant")]
    public string? Variant { get; init; }
}
