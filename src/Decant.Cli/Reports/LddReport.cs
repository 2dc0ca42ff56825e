using System.Text.Json.Serialization;

namespace Decant.Cli;

/// <summary><c>decant ldd --json</c></summary>
sealed record LddReport(IReadOnlyList<LddProgramReport> Programs)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.ldd/1";
}
