using Decant.Bench;

namespace Decant.Cli;

/// <summary>A figure of a log. <see cref="DerivedFrom"/> is null for a measurement.</summary>
sealed record LogFigureReport(string Metric, double Value, string Unit, string Scope, int Line, string? DerivedFrom, string Explanation)
{
    public static LogFigureReport Of(MemoryFigure figure) => new(
        figure.Value.Metric.Name, figure.Value.Value, figure.Value.Metric.Unit, figure.Value.Scope, figure.Value.SourceLine, figure.Value.Metric.DerivedFrom, figure.Explanation);
}
