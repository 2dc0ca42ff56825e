using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>One image in the manifest.json of <c>docker save</c>; the paths are those of entries in the archive.</summary>
sealed record DockerArchiveDocument
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public List<string?>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public List<string?>? Layers { get; init; }
}
