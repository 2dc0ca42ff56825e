using System.Text.Json.Serialization;
using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant images --json</c></summary>
sealed record ImagesReport(string Root, IReadOnlyList<ImageReport> Images, IReadOnlyList<KeptRunReport> Runs)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.images/1";

    public static ImagesReport Of(string root, IReadOnlyList<StoredImage> images, IReadOnlyList<KeptRunInfo> runs) =>
        new(root, [.. images.Select(ImageReport.Of)], [.. runs.Select(run => new KeptRunReport(run.Name, run.Image, run.Created, run.InUse))]);
}
