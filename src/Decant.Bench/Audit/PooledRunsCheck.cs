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
                    string.Join("; ", repeated) + string.Concat(session.Judged(result).Select(metric => LastSet(result, metric))));
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

    /// <summary>What a metric is of the last start's runs alone, for each environment in which iterations come again.</summary>
    static string LastSet(BenchResult result, Metric metric)
    {
        string text = "";
        foreach (ResultEnvironment arm in result.Environments)
        {
            Trial[] trials = [.. result.Trials.Where(trial => trial.Counts && trial.Environment == arm.Name && trial.Values.ContainsKey(metric.Name)).OrderBy(trial => trial.Number)];
            int planned = trials.Select(trial => trial.Iteration).Distinct().Count();
            if (planned < 2 || planned == trials.Length || trials.Any(trial => trial.Iteration is null))
                continue;
            double[] all = [.. trials.Select(trial => trial.Values[metric.Name])];
            text += $"; of the last {planned} {arm.Name}'s {metric.Name} is {ValueText.Of(Descriptive.Mean(all.AsSpan()[^planned..]), metric.Unit)}, of all {ValueText.Of(Descriptive.Mean(all), metric.Unit)}";
            foreach (ResultEnvironment other in result.Environments.Where(other => other != arm))
            {
                double[] values = AuditedSession.Values(result, other.Name, metric.Name);
                if (values.Length > 1 && TTest.Welch(values, all.AsSpan()[^planned..]) is var test)
                    text += $", and {other.Name} differs by {ValueText.Difference(test.Difference, metric.Unit)} ({ValueText.Difference(test.Interval.Low, metric.Unit)} to {ValueText.Difference(test.Interval.High, metric.Unit)})";
            }
        }

        return text;
    }

    static string Times(IEnumerable<Trial> trials)
    {
        string[] times = [.. trials.Where(trial => trial.Started is not null).Select(trial => trial.Started!.Value.ToString("HH:mm"))];
        return times.Length == 0 ? "" : $" ({string.Join(", ", times)})";
    }
}
