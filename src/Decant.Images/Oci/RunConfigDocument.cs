using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decant.Images;

/// <summary>The "config" of an image configuration as JSON has it; its names begin with capitals.</summary>
sealed record RunConfigDocument
{
    [JsonPropertyName("Env")]
    public List<string?>? Env { get; init; }

    [JsonPropertyName("Entrypoint")]
    public List<string?>? Entrypoint { get; init; }

    [JsonPropertyName("Cmd")]
    public List<string?>? Cmd { get; init; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    [JsonPropertyName("User")]
    public string? User { get; init; }

    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    [JsonPropertyName("Labels")]
    public Dictionary<string, string?>? Labels { get; init; }

    [JsonPropertyName("Volumes")]
    public Dictionary<string, JsonElement>? Volumes { get; init; }

    [JsonPropertyName("ExposedPorts")]
    public Dictionary<string, JsonElement>? ExposedPorts { get; init; }

    public ImageRunConfig ToRunConfig()
    {
        Dictionary<string, string> labels = [];
        foreach ((string key, string? value) in Labels ?? [])
            labels[key] = value ?? "";
        return new ImageRunConfig
        {
            Env = Strings(Env),
            Entrypoint = Strings(Entrypoint),
            Cmd = Strings(Cmd),
            WorkingDir = WorkingDir ?? "",
            User = User ?? "",
            StopSignal = StopSignal ?? "",
            Labels = labels,
            Volumes = [.. (Volumes ?? []).Keys],
            ExposedPorts = [.. (ExposedPorts ?? []).Keys],
        };
    }

    /// <summary>A null among them is the empty string, as Go's decoder has it.</summary>
    static ImmutableArray<string> Strings(List<string?>? list) => [.. (list ?? []).ConvertAll(item => item ?? "")];
}
