using System.Text.Json.Serialization;
using Decant.Doctor;

namespace Decant.Cli;

/// <summary><c>decant host --json</c></summary>
sealed record HostJsonReport(string Status, IReadOnlyList<HostCheckReport> Checks)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.host/1";

    public static HostJsonReport Of(HostReport report) =>
        new(HostCheckReport.Word(report.Status), [.. report.Checks.Select(HostCheckReport.Of)]);
}
