namespace Decant.Cli;

/// <summary>What <c>bench --json</c> and <c>compare --json</c> print.</summary>
sealed record ResultsReport(IReadOnlyList<ResultReport> Results)
{
    public string Schema { get; } = "decant.bench.results/1";
}
