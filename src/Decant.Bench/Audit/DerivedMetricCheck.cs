namespace Decant.Bench;

/// <summary>derived-metric: a figure that the workload computed from something else, and did not measure.</summary>
sealed class DerivedMetricCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (IGrouping<(string Name, string DerivedFrom), BenchResult> metric in session.Results
            .SelectMany(result => result.Metrics.Where(metric => metric.DerivedFrom is not null).Select(metric => (result, metric)))
            .GroupBy(one => (one.metric.Name, one.metric.DerivedFrom!), one => one.result))
        {
            yield return new Threat(
                "derived-metric", ThreatSeverity.Note, metric.Count() > 1 ? null : session.Name(metric.First()),
                $"{metric.Key.Name} is computed and not measured: a difference in it is no finding of its own.", $"from {metric.Key.DerivedFrom}");
        }
    }
}
