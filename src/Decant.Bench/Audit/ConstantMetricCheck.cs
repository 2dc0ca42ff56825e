namespace Decant.Bench;

/// <summary>constant-metric: one value in all trials is a setting, or a rounding that is coarser than the differences.</summary>
sealed class ConstantMetricCheck : ThreatCheck
{
    const int Least = 5;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            foreach (Metric metric in session.Judged(result))
            {
                double[] values = [.. result.Trials.Where(trial => trial.Counts && trial.Values.ContainsKey(metric.Name)).Select(trial => trial.Values[metric.Name])];
                // A count of faults that is always 0 is good news; and GPUs give out memory in large pieces, so that a program always takes the same.
                if (values.Length < Least || values[0] == 0 || metric.Name is "gpu.memory" or "gpu.process_memory" || values.Any(value => value != values[0]))
                    continue;
                yield return new Threat(
                    "constant-metric", ThreatSeverity.Note, session.Name(result),
                    $"{metric.Name} is the same in all trials: it is a setting and no measurement, or is rounded more coarsely than it varies.",
                    $"{ValueText.Of(values[0], metric.Unit)} in {values.Length} trials");
            }
        }
    }
}
