using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>What credential helpers read and write.</summary>
sealed record HelperDocument
{
    [JsonPropertyName("ServerURL")]
    public string? ServerUrl { get; init; }

    [JsonPropertyName("Username")]
    public string? Username { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }
}
