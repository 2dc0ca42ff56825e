namespace Decant.Bench;

/// <summary>failed-trials: what is left out may be what an arm is bad at.</summary>
sealed class FailedTrialsCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            Trial[] failed = [.. result.Trials.Where(trial => !trial.Counts)];
            if (failed.Length == 0)
                continue;
            (string Name, int Failed, int All)[] arms =
            [
                .. result.Environments.Select(arm => arm.Name)
                    .Select(arm => (arm, failed.Count(trial => trial.Environment == arm), result.Trials.Count(trial => trial.Environment == arm))),
            ];
            bool alike = arms.Select(arm => arm.Failed).Distinct().Count() == 1;
            yield return new Threat(
                "failed-trials", alike ? ThreatSeverity.Note : ThreatSeverity.Doubt, session.Name(result),
                alike
                    ? "Trials failed and do not count, equally many of each arm."
                    : "Trials failed and do not count, more of one arm than of another: the values left over may be the good ones.",
                $"{string.Join(", ", arms.Select(arm => $"{arm.Name} {arm.Failed} of {arm.All}"))}; the first: {failed[0].Failure}");
        }
    }
}
