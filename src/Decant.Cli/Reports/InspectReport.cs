using System.Text.Json.Serialization;
using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant inspect --json</c></summary>
sealed record InspectReport(ImageReport Image, string ConfigDigest, RunConfigReport Config, IReadOnlyList<string> Layers)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.inspect/1";

    public static InspectReport Of(StoredImage image) =>
        new(ImageReport.Of(image), image.ConfigDigest.ToString(), RunConfigReport.Of(image.Config), image.Layers);
}
