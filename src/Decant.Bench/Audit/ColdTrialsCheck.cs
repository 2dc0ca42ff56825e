namespace Decant.Bench;

/// <summary>cold-trials: an environment's trials waited for the disk where those of others did not, though caches were not to be cold.</summary>
sealed class ColdTrialsCheck : ThreatCheck
{
    const string Faults = "faults.major";

    /// <summary>Pages that a trial had to wait for; fewer come and go with what else the machine does.</summary>
    const double Many = 16;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            // Where the policy is another one by design, or leaves to chance what is cached, no trial is odd for it.
            (string Name, double Median)[] arms =
            [
                .. result.Environments.Where(arm => DesignFacts.CacheOf(result, arm.Name)?.StartsWith(DesignFacts.Warm, StringComparison.Ordinal) == true)
                    .Select(arm => (arm.Name, Values: result.Trials.Where(trial => trial.Counts && trial.Environment == arm.Name && trial.Values.ContainsKey(Faults)).Select(trial => trial.Values[Faults]).ToArray()))
                    .Where(arm => arm.Values.Length > 0).Select(arm => (arm.Name, Descriptive.Median(arm.Values))),
            ];
            if (arms.Length > 1 && arms.Max(arm => arm.Median) >= Many && arms.Max(arm => arm.Median) >= 2 * arms.Min(arm => arm.Median))
            {
                yield return new Threat(
                    "cold-trials", ThreatSeverity.Doubt, session.Name(result),
                    "Trials of some environments waited for pages from the disk, and those of others did not: a difference may be that of the page cache, which was to be the same for all.",
                    "major faults by medians: " + string.Join(", ", arms.Select(arm => $"{arm.Name} {arm.Median}")));
            }
        }
    }
}
