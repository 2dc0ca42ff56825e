using Decant.Bench;

namespace Decant.Cli;

/// <summary>A metric; <see cref="Better"/> is lower, higher or neither, as experiment files write it.</summary>
sealed record MetricReport(string Name, string Unit, string Better, string Meaning, string? DerivedFrom)
{
    public static MetricReport Of(Metric metric) => new(metric.Name, metric.Unit, ExperimentText.Word(metric.Direction), metric.Meaning, metric.DerivedFrom);
}
