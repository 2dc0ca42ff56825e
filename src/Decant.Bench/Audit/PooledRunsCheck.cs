namespace Decant.Bench;

/// <summary>pooled-runs and unequal-trials: trials that were not one planned set.</summary>
sealed class PooledRunsCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            string[] repeated =
            [
                .. result.Trials.Where(trial => trial.Iteration is not null).GroupBy(trial => (trial.Environment, trial.Iteration)).Where(group => group.Count() > 1)
                    .Select(group => $"{group.Key.Environment} has iteration {group.Key.Iteration} {group.Count()} times{Times(group)}"),
            ];
            if (repeated.Length > 0)
            {
                yield return new Threat(
                    "pooled-runs", ThreatSeverity.Doubt, session.Name(result),
                    "Runs of several starts of the benchmark were put together: earlier, perhaps aborted or tried-out ones count as much as those of the planned set.",
                    string.Join("; ", repeated));
            }

            (string Name, int Count)[] counts = [.. result.Environments.Select(arm => (arm.Name, result.Trials.Count(trial => trial.Counts && trial.Environment == arm.Name)))];
            if (counts.Select(arm => arm.Count).Distinct().Count() > 1)
            {
                yield return new Threat(
                    "unequal-trials", ThreatSeverity.Doubt, session.Name(result),
                    "The arms have different numbers of trials that count: either some were left out, or more were added to one.",
                    string.Join(", ", counts.Select(arm => $"{arm.Name} {arm.Count}")));
            }
        }
    }

    static string Times(IEnumerable<Trial> trials)
    {
        string[] times = [.. trials.Where(trial => trial.Started is not null).Select(trial => trial.Started!.Value.ToString("HH:mm"))];
        return times.Length == 0 ? "" : $" ({string.Join(", ", times)})";
    }
}
