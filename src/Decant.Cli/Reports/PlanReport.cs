using System.Text.Json.Serialization;
using Decant.Launch;

namespace Decant.Cli;

/// <summary><c>decant run --dry-run --json</c></summary>
sealed record PlanReport(
    string Title,
    IReadOnlyList<string> Arguments,
    string? Supervised,
    IReadOnlyList<string> Steps,
    IReadOnlyList<VariableReport> Variables,
    IReadOnlyList<string>? LeftOut)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.plan/1";

    public static PlanReport Of(LaunchPlan plan) => new(
        plan.Title,
        plan.Arguments,
        plan.Supervised,
        [.. plan.Steps.Select(step => step.Describe())],
        VariableReport.Of(plan.Environment),
        plan.Notes.IsEmpty ? null : plan.Notes);
}
