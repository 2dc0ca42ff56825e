using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>One of a container's "Mounts".</summary>
sealed record EngineMountDocument
{
    /// <summary>bind, volume or tmpfs.</summary>
    [JsonPropertyName("Type")]
    public string? Type { get; init; }

    /// <summary>On the host.</summary>
    [JsonPropertyName("Source")]
    public string? Source { get; init; }

    [JsonPropertyName("Destination")]
    public string? Destination { get; init; }

    [JsonPropertyName("RW")]
    public bool Writable { get; init; }
}
