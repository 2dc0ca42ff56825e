using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>What a token service answers (distribution's token authentication specification, and its OAuth 2 form).</summary>
sealed record TokenDocument
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds; 60 where it is missing.</summary>
    [JsonPropertyName("expires_in")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public double? ExpiresIn { get; init; }
}
