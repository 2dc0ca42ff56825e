using System.Text.Json.Serialization;
using Decant.Doctor;
using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant pack --json</c></summary>
/// <param name="StoredBytes">Of the image's layer; null with --list.</param>
sealed record PackReport(
    IReadOnlyList<string> Env,
    IReadOnlyList<string> Cmd,
    long ContentBytes,
    long? StoredBytes,
    IReadOnlyList<PackedFileReport> Files,
    IReadOnlyList<PackedLinkReport> Links,
    IReadOnlyList<LeftOutFileReport> LeftOut,
    IReadOnlyList<string> Warnings)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.pack/1";

    public static PackReport Of(Pack pack, ImageRunConfig config, long? stored) => new(
        config.Env,
        config.Cmd,
        pack.Files.Sum(file => file.Size),
        stored,
        [.. pack.Files.Select(file => new PackedFileReport(file.Path, file.Size, file.Why))],
        [.. pack.Links.Select(link => new PackedLinkReport(link.Key, link.Value))],
        [.. pack.LeftOut.Select(left => new LeftOutFileReport(left.Path, left.Reason))],
        pack.Warnings);
}
