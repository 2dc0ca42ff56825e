using System.Text.Json.Serialization;
using Decant.Doctor;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant doctor --json</c></summary>
/// <param name="Command">The program and its arguments, the image's entry point included.</param>
/// <param name="Healthy">No error was found.</param>
/// <param name="Prescription">The smallest change of the environment that was proved to remove all errors; null where there is none.</param>
sealed record DoctorReport(string Image, IReadOnlyList<string> Command, bool Healthy, IReadOnlyList<FindingReport> Findings, IReadOnlyList<ChangeReport>? Prescription)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.doctor/1";

    public static DoctorReport Of(string image, LaunchPlan plan, Diagnosis diagnosis) => new(
        PathBytes.Printable(image),
        [.. plan.Arguments.Select(PathBytes.Printable)],
        diagnosis.IsHealthy,
        [.. diagnosis.Findings.Select(FindingReport.Of)],
        diagnosis.Prescription is { } prescription ? [.. prescription.Changes.Select(change => ChangeReport.Of(change, plan.Environment[change.Name]))] : null);
}
