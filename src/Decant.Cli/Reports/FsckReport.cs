using System.Text.Json.Serialization;
using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant fsck --json</c></summary>
sealed record FsckReport(string Root, bool Clean, int Images, int Blobs, int Layers, long Bytes, long Unreadable, IReadOnlyList<StoreFindingReport> Findings)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.fsck/1";

    public static FsckReport Of(string root, StoreCheckReport report) => new(
        root, report.IsClean, report.Images, report.Blobs, report.Layers, report.Bytes, report.Unreadable, [.. report.Findings.Select(StoreFindingReport.Of)]);
}
