using Decant.Bench;

namespace Decant.Cli;

/// <summary>What <c>bench explain --json</c> prints.</summary>
sealed record LogExplanationReport(string Program, IReadOnlyList<LogFigureReport> Figures, IReadOnlyList<CacheBudget> Budgets, IReadOnlyList<string> Meaning, IReadOnlyList<string> Advice)
{
    public string Schema { get; } = "decant.bench.explanation/1";

    public static LogExplanationReport Of(LogExplanation of) => new(of.Program, [.. of.Figures.Select(LogFigureReport.Of)], of.Budgets, of.Meaning, of.Advice);
}
