using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>GET /containers/NAME/json, as far as decant uses it.</summary>
sealed record EngineContainerDocument
{
    [JsonPropertyName("Id")]
    public string? Id { get; init; }

    /// <summary>With a slash in front.</summary>
    [JsonPropertyName("Name")]
    public string? Name { get; init; }

    [JsonPropertyName("Config")]
    public RunConfigDocument? Config { get; init; }

    [JsonPropertyName("Mounts")]
    public List<EngineMountDocument?>? Mounts { get; init; }

    [JsonPropertyName("HostConfig")]
    public EngineHostConfigDocument? HostConfig { get; init; }
}
