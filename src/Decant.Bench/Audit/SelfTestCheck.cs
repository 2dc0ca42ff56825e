namespace Decant.Bench;

/// <summary>self-test: an environment that was measured twice in each block. What its two copies differ by is noise, as nothing else is different.</summary>
sealed class SelfTestCheck : ThreatCheck
{
    /// <summary>The interval of fewer blocks at 95 % has no ends.</summary>
    const int Least = 6;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            Metric metric = result.Metrics[0];
            foreach (ResultEnvironment copy in result.Environments.Where(arm => arm.Repeats is not null))
            {
                PairedValues pairs = PairedValues.Of(result, metric.Name, copy.Name, copy.Repeats!);
                if (pairs.Count >= Least && pairs.Positive)
                    yield return Judge(session.Name(result), metric.Name, copy.Repeats!, PairedComparison.Of(pairs.Subject.AsSpan(), pairs.Baseline.AsSpan()), result.Questions.FirstOrDefault()?.Margin);
            }
        }
    }

    static Threat Judge(string? workload, string metric, string environment, PairedComparison comparison, EquivalenceMargin? margin)
    {
        Interval interval = comparison.Ratio.Interval;
        double reach = Math.Max(interval.High, 1 / interval.Low);
        bool differs = interval.Low > 1 || interval.High < 1;
        (string ratio, string low, string high) = ValueText.Ratios(comparison.Ratio);
        string floor = NumberText.Size(reach, NumberText.Decimals(interval));
        return new Threat(
            "self-test", differs ? ThreatSeverity.Doubt : ThreatSeverity.Note, workload,
            differs
                ? $"{environment}, measured twice in each block, differs from itself in {metric}: something else than the environment makes trials differ, unless this is the one time in twenty in which chance does."
                : $"{environment}, measured twice in each block, is not told apart from itself in {metric}; differences of less than {floor} are not told from noise here."
                    + (margin is { } limit && reach > limit.High ? $" The margin of {NumberText.Size(limit.High, 1)} is less than that: more blocks, or a quieter machine, would tell more." : ""),
            $"{ratio}, from {low} to {high}, {comparison.Size}");
    }
}
