using Decant.Doctor;

namespace Decant.Cli;

/// <summary>One finding of doctor's.</summary>
/// <param name="Severity">"error", "warning" or "note".</param>
/// <param name="Message">In which words the program itself would say it.</param>
sealed record FindingReport(string Id, string Severity, string Cause, string? Message, IReadOnlyList<string> Evidence, string? Fix)
{
    public static FindingReport Of(Finding finding) =>
        new(finding.Id, finding.Severity.ToString().ToLowerInvariant(), finding.Cause, finding.Message, finding.Evidence, finding.Fix);
}
