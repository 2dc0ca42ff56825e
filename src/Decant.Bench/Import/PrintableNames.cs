using Decant.Linux;

namespace Decant.Bench;

/// <summary>A result of another tool with titles and names that can be written to a terminal: they are often command lines, and may hold anything.</summary>
static class PrintableNames
{
    public static BenchResult Of(BenchResult result) => result with
    {
        Title = PathBytes.Printable(result.Title),
        Environments = [.. result.Environments.Select(arm => arm with { Name = PathBytes.Printable(arm.Name) })],
        Questions = [.. result.Questions.Select(question => question with { Subject = PathBytes.Printable(question.Subject), Baseline = PathBytes.Printable(question.Baseline) })],
        Trials = [.. result.Trials.Select(trial => trial with { Environment = PathBytes.Printable(trial.Environment) })],
        Remarks = [.. result.Remarks.Select(PathBytes.Printable)],
    };
}
