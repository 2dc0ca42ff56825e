namespace Decant.Bench;

/// <summary>missing-values and unmeasured: figures that were to be read from each trial, and were not.</summary>
sealed class MissingValuesCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            Trial[] counting = [.. result.Trials.Where(trial => trial.Counts)];
            foreach (string name in result.Metrics.Select(metric => metric.Name).Concat(result.Questions.Select(question => question.Metric)).Distinct().Where(name => !AuditedSession.Accompanies(result, name)))
            {
                int missing = counting.Count(trial => !trial.Values.ContainsKey(name));
                if (missing == 0)
                    continue;
                if (missing == counting.Length)
                {
                    yield return new Threat(
                        "unmeasured", ThreatSeverity.Disqualifying, session.Name(result),
                        $"No trial has a value of {name}: it was to be measured, and was not.", $"{counting.Length} trials");
                    continue;
                }

                // An arm without any does not have such a thing, as the host has no engine; unless it was asked about, nothing is wrong with that.
                bool asked = result.Questions.Any(question => question.Metric == name);
                (string Name, int Missing, int All)[] arms =
                [
                    .. result.Environments.Select(arm => (arm.Name, Of: counting.Where(trial => trial.Environment == arm.Name).ToArray()))
                        .Select(arm => (arm.Name, arm.Of.Count(trial => !trial.Values.ContainsKey(name)), arm.Of.Length)).Where(arm => asked || arm.Item2 < arm.Item3),
                ];
                if (arms.All(arm => arm.Missing == 0))
                    continue;
                yield return new Threat(
                    "missing-values", ThreatSeverity.Doubt, session.Name(result),
                    $"Trials that count have no value of {name}: those that have one may be the good ones.", $"missing: {string.Join(", ", arms.Select(arm => $"{arm.Name} {arm.Missing} of {arm.All}"))}");
            }
        }
    }
}
