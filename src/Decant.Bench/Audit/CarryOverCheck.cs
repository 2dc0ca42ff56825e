namespace Decant.Bench;

/// <summary>carry-over: values that depend on which arm ran before, through caches, memory or heat that it left.</summary>
sealed class CarryOverCheck : ThreatCheck
{
    const double Alpha = 0.05;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (PlacedTrial[] sequence in session.Sequences)
        {
            PlacedTrial[] trials = [.. sequence.Where(placed => placed.Trial.Counts)];
            // Arms of other workloads are other arms: their values may differ without any carry-over.
            (BenchResult, string)[] arms = [.. trials.Select(placed => (placed.Result, placed.Trial.Environment)).Distinct()];
            List<(Metric Metric, double P)> found = [];
            foreach (Metric metric in Common(session, trials))
            {
                double[] values = [.. trials.Select(placed => placed.Trial.Values[metric.Name])];
                if (CarryOver.Of(values, [.. trials.Select(placed => Array.IndexOf(arms, (placed.Result, placed.Trial.Environment)))]) is { } carried)
                    found.Add((metric, carried.P));
            }

            double[] adjusted = Multiplicity.Holm([.. found.Select(one => one.P)]);
            for (int i = 0; i < found.Count; i++)
            {
                if (adjusted[i] <= Alpha)
                    yield return Found(session, trials, found[i].Metric, adjusted[i]);
            }
        }
    }

    static IEnumerable<Metric> Common(AuditedSession session, PlacedTrial[] trials) => trials.Length == 0 ? [] :
        session.Judged(trials[0].Result).Where(metric => trials.All(placed => placed.Trial.Values.ContainsKey(metric.Name)));

    static Threat Found(AuditedSession session, PlacedTrial[] trials, Metric metric, double p)
    {
        IEnumerable<string> means = trials.Skip(1).Zip(trials, (now, before) => (Now: now.Trial, Before: before.Trial.Environment))
            .GroupBy(pair => (pair.Now.Environment, pair.Before)).OrderBy(group => group.Key)
            .Select(group => (group.Key, Mean: group.Average(pair => pair.Now.Values[metric.Name]), Count: group.Count()))
            .Select(group => $"{group.Key.Environment} after {group.Key.Before} {ValueText.Of(group.Mean, metric.Unit)} ({group.Count}×)");
        return new Threat(
            "carry-over", ThreatSeverity.Doubt, session.Sequences.Count == 1 ? null : session.Name(trials[0].Result),
            $"The {metric.Name} of a trial depends on which arm ran before it: what one leaves behind in caches, memory or heat is counted to the next.",
            $"{string.Join(", ", means)}; {NumberText.P(p)} by exchanging predecessors");
    }
}
