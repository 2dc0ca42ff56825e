using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>The "HostConfig" of a container, as far as decant uses it.</summary>
sealed record EngineHostConfigDocument
{
    /// <summary>Options by place.</summary>
    [JsonPropertyName("Tmpfs")]
    public Dictionary<string, string?>? Tmpfs { get; init; }
}
