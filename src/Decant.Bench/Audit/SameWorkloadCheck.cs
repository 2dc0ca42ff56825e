namespace Decant.Bench;

/// <summary>same-workload: workloads that go by different names and have the same figures, such as a model that was named to a script that did not read it.</summary>
sealed class SameWorkloadCheck : ThreatCheck
{
    /// <summary>Different workloads agree so closely by accident now and then, all of a session hardly ever.</summary>
    const double MostApart = 1.01;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        if (session.Results.Count < 2 || session.Results[0].Metrics.Length == 0)
            yield break;
        // One command by declaration, such as the same session held against another arm by arm.
        if (session.Results.All(result => !result.Command.IsEmpty && result.Command.SequenceEqual(session.Results[0].Command)))
            yield break;
        Metric metric = session.Results[0].Metrics[0];
        double[][] values = [.. session.Results.Select(result => AuditedSession.Values(result, result.Environments[0].Name, metric.Name))];
        if (values.Any(of => of.Length < 2))
            yield break;
        double[] means = [.. values.Select(of => Descriptive.Mean(of))];
        if (!(means.Min() > 0) || means.Max() / means.Min() > MostApart)
            yield break;
        string arm = session.Results[0].Environments[0].Name;
        yield return new Threat(
            "same-workload", ThreatSeverity.Doubt, null,
            $"{session.Results.Count} workloads of different names have the same {metric.Name}: look whether the parameter that tells them apart reached the program. "
                + "If they are one workload, they are its blocks.",
            $"{arm}: {ValueText.Of(means, metric)} for {ValueText.Sentence([.. session.Results.Select(result => result.Title)])}{Constants(session)}{Blocks(session)}{Together(session)}");
    }

    /// <summary>What two metrics that are one number have in common, where it is the same in all workloads: the total of a machine's memory.</summary>
    static string Constants(AuditedSession session)
    {
        (Metric X, Metric Y, double[] Totals)[] common =
        [
            .. session.Results.SelectMany(OneNumberCheck.Pairs).GroupBy(pair => (pair.X.Name, pair.Y.Name))
                .Where(pair => pair.Count() == session.Results.Count && pair.All(one => one.Fit.Slope < 0))
                .Select(pair => (pair.First().X, pair.First().Y, pair.Select(one => one.Fit.Intercept / -one.Fit.Slope).ToArray())),
        ];
        return string.Concat(common.Select(one => $"; {one.X.Name} and {one.Y.Name} share a total of {ValueText.Of(one.Totals, one.X)}"));
    }

    /// <summary>How much an arm's means differ between the workloads, for the spread within them (Kalibera and Jones: the ratio of S2² to S1²/r).</summary>
    static string Blocks(AuditedSession session)
    {
        List<string> texts = [];
        foreach (Metric metric in session.Judged(session.Results[0]))
        {
            foreach (ResultEnvironment environment in session.Results[0].Environments)
            {
                double[][] runs = [.. session.Results.Select(result => AuditedSession.Values(result, environment.Name, metric.Name))];
                int least = runs.Min(run => run.Length);
                if (least < 2)
                    continue;
                // Of unequal blocks the last trials: what comes first may have been tried out.
                VarianceComponents components = VarianceComponents.Of([.. runs.Select(run => run[^least..])]);
                double ratio = components.RunMeans * least / components.WithinRuns;
                if (components.WithinRuns > 0 && ratio > LeastRatio)
                {
                    string spread = ValueText.Of(Math.Sqrt(components.RunMeans), metric.Unit);
                    texts.Add($"{environment.Name}'s {metric.Name} varies between them by {spread} (F({runs.Length - 1}, {runs.Length * (least - 1)}) = {ratio:F1})");
                }
            }
        }

        return texts.Count == 0 ? "" : $"; {string.Join("; ", texts)}";
    }

    /// <summary>
    /// The differences of the arms if all are one workload: over all trials, and of the workloads' means, which is the honest number of repetitions. Of these the last
    /// trials, as many in each.
    /// </summary>
    static string Together(AuditedSession session)
    {
        List<string> texts = [];
        BenchResult first = session.Results[0];
        string baseline = first.Environments[0].Name;
        foreach (Metric metric in session.Judged(first))
        {
            foreach (ResultEnvironment arm in first.Environments.Skip(1))
            {
                double[][] subjects = [.. session.Results.Select(result => AuditedSession.Values(result, arm.Name, metric.Name))];
                double[][] baselines = [.. session.Results.Select(result => AuditedSession.Values(result, baseline, metric.Name))];
                int least = subjects.Concat(baselines).Min(values => values.Length);
                if (least < 2)
                    continue;
                TTest all = TTest.Welch(subjects.SelectMany(values => values).ToArray(), baselines.SelectMany(values => values).ToArray());
                double[] differences = [.. subjects.Zip(baselines, (one, other) => Descriptive.Mean(one.AsSpan()[^least..]) - Descriptive.Mean(other.AsSpan()[^least..]))];
                TTest blocks = TTest.OneSample(differences);
                texts.Add($"{arm.Name}'s {metric.Name} differs from {baseline}'s by {Told(all, metric)} over all trials, and by {Told(blocks, metric)}, p = {blocks.P:F3}, with the {differences.Length} workloads as its blocks");
            }
        }

        return texts.Count == 0 ? "" : $"; {string.Join("; ", texts)}";
    }

    static string Told(TTest test, Metric metric) =>
        $"{ValueText.Difference(test.Difference, metric.Unit)} ({ValueText.Difference(test.Interval.Low, metric.Unit)} to {ValueText.Difference(test.Interval.High, metric.Unit)})";

    /// <summary>F is near 1 where blocks do not differ, and above this once in a hundred or less from three blocks of ten on.</summary>
    const double LeastRatio = 5.5;
}
