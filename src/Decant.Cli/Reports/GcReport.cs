using System.Text.Json.Serialization;
using Decant.Images;

namespace Decant.Cli;

/// <summary><c>decant gc --json</c></summary>
sealed record GcReport(bool DryRun, bool Busy, long FreedBytes, IReadOnlyList<GarbageItemReport> Removed, IReadOnlyList<GarbageItemReport> InUse)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.gc/1";

    public static GcReport Of(GarbageReport garbage, bool dryRun) => new(
        dryRun, garbage.Busy, garbage.Bytes, [.. garbage.Removed.Select(GarbageItemReport.Of)], [.. garbage.InUse.Select(GarbageItemReport.Of)]);
}
