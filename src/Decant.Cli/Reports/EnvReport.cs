using System.Text.Json.Serialization;
using Decant.Launch;

namespace Decant.Cli;

/// <summary><c>decant env --json</c></summary>
sealed record EnvReport(IReadOnlyList<VariableReport> Variables)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.env/1";

    public static EnvReport Of(LaunchEnvironment environment) => new(VariableReport.Of(environment));
}
