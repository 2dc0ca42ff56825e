using System.Text.Json.Serialization;
using Decant.Doctor;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant doctor --json</c></summary>
/// <param name="Command">The program and its arguments, the image's entry point included.</param>
/// <param name="Healthy">No error was found.</param>
/// <param name="Obstacle">Where nothing removes all errors: the change that leads furthest, and what is wrong then.</param>
/// <param name="Prescription">The smallest change of the environment that was proved to remove all errors; null where there is none.</param>
sealed record DoctorReport(string Image, IReadOnlyList<string> Command, bool Healthy, IReadOnlyList<FindingReport> Findings, IReadOnlyList<ChangeReport>? Prescription, ObstacleReport? Obstacle)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.doctor/1";

    /// <summary>The findings begin with answers to an error text.</summary>
    [JsonIgnore]
    public bool Explained { get; init; }

    /// <summary>Of the whole image, where no command was given: dynamic programs that were bound.</summary>
    public int? Programs { get; init; }

    /// <summary>And shared libraries.</summary>
    public int? Libraries { get; init; }

    /// <summary>And the stacks whose parts must fit each other.</summary>
    public IReadOnlyList<StackReport>? Stacks { get; init; }

    /// <summary>decant run makes these changes by itself: not in a directory, which may change, nor to a PATH that somebody has set.</summary>
    [JsonIgnore]
    public bool IsAppliedByRun { get; init; }

    public static DoctorReport Of(string image, LaunchPlan plan, Diagnosis diagnosis) => new(
        PathBytes.Printable(image),
        [.. plan.Arguments.Select(PathBytes.Printable)],
        diagnosis.IsHealthy,
        [.. diagnosis.Findings.Select(FindingReport.Of)],
        diagnosis.Prescription is { } prescription ? Changes(prescription.Changes, plan.Environment) : null,
        diagnosis.Obstacle is { } obstacle ? new ObstacleReport(Changes(obstacle.Changes, plan.Environment), [.. obstacle.Errors.Select(FindingReport.Of)]) : null)
    {
        IsAppliedByRun = !image.StartsWith("rootfs:", StringComparison.Ordinal)
            && !(diagnosis.Prescription is { } found && found.Changes.Any(change => change.Name == "PATH") && plan.Environment.Variables.Any(variable => variable.Name == "PATH" && variable.Origin.StartsWith("--env", StringComparison.Ordinal))),
    };

    static ChangeReport[] Changes(IReadOnlyList<EnvironmentChange> changes, LaunchEnvironment environment) =>
        [.. changes.Select(change => ChangeReport.Of(change, environment[change.Name]))];
}
