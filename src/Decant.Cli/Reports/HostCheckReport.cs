using Decant.Doctor;

namespace Decant.Cli;

/// <summary>One check of the host in a report.</summary>
sealed record HostCheckReport(string Id, string Title, string Status, string Detail, string? Consequence, string? Fix, IReadOnlyList<string>? Items)
{
    public static HostCheckReport Of(HostCheck check) =>
        new(check.Id, check.Title, Word(check.Status), check.Detail, check.Consequence, check.Fix, check.Items.Count == 0 ? null : check.Items);

    public static string Word(HostStatus status) => status.ToString().ToLowerInvariant();
}
