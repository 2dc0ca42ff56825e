using Decant.Images;

namespace Decant.Cli;

/// <summary>One finding of <c>decant fsck</c>.</summary>
sealed record StoreFindingReport(string Id, bool Problem, string Subject, string Text, IReadOnlyList<string> Images, IReadOnlyList<string> Details, string? Done, string? Fix)
{
    public static StoreFindingReport Of(StoreFinding finding) =>
        new(finding.Id, finding.IsProblem, finding.Subject, finding.Text, finding.Images, finding.Details, finding.Done, finding.Fix);
}
