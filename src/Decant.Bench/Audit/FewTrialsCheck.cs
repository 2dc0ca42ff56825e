namespace Decant.Bench;

/// <summary>few-trials: so few that no difference can be shown, whatever the values.</summary>
sealed class FewTrialsCheck : ThreatCheck
{
    /// <summary>Signs of five blocks come out alike by accident with p = 2/32, of six with 2/64.</summary>
    const int Least = 6;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            (string Name, int Count)[] counts = [.. result.Environments.Select(arm => (arm.Name, result.Trials.Count(trial => trial.Counts && trial.Environment == arm.Name)))];
            int fewest = counts.Min(arm => arm.Count);
            if (fewest >= Least)
                continue;
            yield return new Threat(
                "few-trials", fewest < 2 ? ThreatSeverity.Disqualifying : ThreatSeverity.Doubt, session.Name(result),
                fewest < 2
                    ? "An arm has fewer than two trials: nothing is known of how much it varies."
                    : $"With fewer than {Least} trials of each arm no difference can be shown at 5 % in blocks, and neither drift nor carry-over would be seen.",
                string.Join(", ", counts.Select(arm => $"{arm.Name} {arm.Count}")));
        }
    }
}
