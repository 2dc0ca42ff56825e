using System.Text.Json.Serialization;

namespace Decant.Cli;

/// <summary><c>decant pull --json</c></summary>
sealed record PullReport(ImageReport Image)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.pull/1";
}
