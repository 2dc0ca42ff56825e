using System.Text.Json.Serialization;
using Decant.Doctor;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>One finding of doctor's.</summary>
/// <param name="Severity">"error", "warning" or "note".</param>
/// <param name="Message">In which words the program itself would say it.</param>
sealed record FindingReport(string Id, string Severity, string Cause, string? Message, IReadOnlyList<string> Evidence, string? Fix)
{
    /// <summary>As <see cref="Finding.Lacking"/>.</summary>
    [JsonIgnore]
    public string? Lacking { get; init; }

    /// <summary>As <see cref="Finding.File"/>, to be printed.</summary>
    [JsonIgnore]
    public string? File { get; init; }

    public static FindingReport Of(Finding finding) =>
        new(finding.Id, finding.Severity.ToString().ToLowerInvariant(), finding.Cause, finding.Message, finding.Evidence, finding.Fix)
        {
            Lacking = finding.Lacking,
            File = finding.File is null ? null : PathBytes.Printable(finding.File),
        };
}
