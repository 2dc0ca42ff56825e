namespace Decant.Bench;

/// <summary>throttled-gpu: power or heat kept a GPU's clock down, so that its cooling and its power limit are part of what was measured.</summary>
sealed class ThrottledGpuCheck : ThreatCheck
{
    const double Alpha = 0.05;

    /// <summary>The sampler looks once a second: smaller differences of shares are chance.</summary>
    const double LeastShare = 0.05;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            (string Name, double[] Shares)[] arms = [.. result.Environments.Select(arm => (arm.Name, Shares(result, arm.Name))).Where(arm => arm.Item2.Length > 0)];
            int throttled = arms.Sum(arm => arm.Shares.Count(share => share > 0));
            if (throttled == 0)
                continue;
            (string Name, double[] Shares)? unlike = arms.Skip(1).Select(arm => ((string Name, double[] Shares)?)arm).FirstOrDefault(arm => Differ(arm!.Value.Shares, arms[0].Shares));
            yield return new Threat(
                "throttled-gpu", unlike is null ? ThreatSeverity.Note : ThreatSeverity.Doubt, session.Name(result),
                unlike is { } other
                    ? $"Power or heat kept GPUs' clocks down for another share of the time in trials of {other.Name} than of {arms[0].Name}: what they differ in may be cooling."
                    : $"Power or heat kept GPUs' clocks down in {throttled} of {arms.Sum(arm => arm.Shares.Length)} trials, alike in all environments: times are those of this power limit and cooling.",
                string.Join(", ", arms.Select(arm => $"{arm.Name} {100 * Descriptive.Mean(arm.Shares):F0} % of the time")));
        }
    }

    static bool Differ(double[] subject, double[] baseline) =>
        subject.Length >= 2 && baseline.Length >= 2 && TTest.Welch(subject, baseline) is { P: <= Alpha } welch && Math.Abs(welch.Difference) >= LeastShare;

    /// <summary>A longer trial is throttled for longer: the share counts.</summary>
    static double[] Shares(BenchResult result, string arm) =>
    [
        .. result.Trials.Where(trial => trial.Counts && trial.Environment == arm && trial.Values.ContainsKey("gpu.throttled") && trial.Values.GetValueOrDefault("wall") > 0)
            .Select(trial => trial.Values["gpu.throttled"] / trial.Values["wall"]),
    ];
}
