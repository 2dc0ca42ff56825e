namespace Decant.Bench;

/// <summary>one-number: two metrics of which one is computed from the other, so that they cannot confirm each other.</summary>
sealed class OneNumberCheck : ThreatCheck
{
    /// <summary>Counted apart, and alike where nobody else uses the GPU.</summary>
    static readonly string[] GpuMemory = ["gpu.memory", "gpu.process_memory", "host.gpu"];

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (IGrouping<(string, string), (BenchResult Result, Metric X, Metric Y, LinearFit Fit)> pair in
            session.Results.SelectMany(Pairs).GroupBy(one => (one.X.Name, one.Y.Name)))
        {
            (BenchResult first, Metric x, Metric y, _) = pair.First();
            yield return new Threat(
                "one-number", ThreatSeverity.Doubt, pair.Count() > 1 ? null : session.Name(first),
                $"{y.Name} and {x.Name} are one measurement, not two: {y.Name} = {Formula(pair.First().Fit, x, y)}.",
                string.Join("; ", pair.Select(one => $"{(pair.Count() > 1 ? one.Result.Title + ": " : "")}{Formula(one.Fit, x, y)}, r = {Correlated(one.Fit.R)}")));
        }
    }

    /// <summary>The metrics of the result that are one number, the later one as a function of the earlier.</summary>
    public static IEnumerable<(BenchResult Result, Metric X, Metric Y, LinearFit Fit)> Pairs(BenchResult result)
    {
        for (int i = 0; i < result.Metrics.Length; i++)
        {
            for (int j = i + 1; j < result.Metrics.Length; j++)
            {
                Metric x = result.Metrics[i], y = result.Metrics[j];
                if (IsKnown(result, x, y) || (GpuMemory.Contains(x.Name) && GpuMemory.Contains(y.Name)))
                    continue;
                (string, double, double)[] points =
                [
                    .. result.Trials.Where(trial => trial.Counts && trial.Values.ContainsKey(x.Name) && trial.Values.ContainsKey(y.Name))
                        .Select(trial => (trial.Environment, trial.Values[x.Name], trial.Values[y.Name])),
                ];
                if (LinearFit.Of(points) is { IsOneNumber: true } fit)
                    yield return (result, x, y, fit);
            }
        }
    }

    /// <summary>Two of decant's own metrics, of which one was not asked for: that used and available memory go together is no news.</summary>
    static bool IsKnown(BenchResult result, Metric x, Metric y) =>
        BuiltInMetrics.Find(x.Name) is not null && BuiltInMetrics.Find(y.Name) is not null && (AuditedSession.Accompanies(result, x.Name) || AuditedSession.Accompanies(result, y.Name));

    /// <summary>0.9·(119.7 GiB − peak_memory), or 128·throughput.</summary>
    static string Formula(LinearFit fit, Metric x, Metric y)
    {
        string slope = Math.Abs(fit.Slope).ToString("G3");
        if (fit.Proportional)
            return $"{fit.Factor:G3}·{x.Name}";
        return fit.Slope < 0 && fit.Intercept > 0 && x.Unit == y.Unit
            ? $"{slope}·({ValueText.Of(Math.Abs(fit.Intercept / fit.Slope), x.Unit)} − {x.Name})"
            : $"{fit.Slope:G3}·{x.Name} {(fit.Intercept < 0 ? "−" : "+")} {ValueText.Of(Math.Abs(fit.Intercept), y.Unit)}";
    }

    /// <summary>With so many digits that it is told from 1.</summary>
    static string Correlated(double r) => r.ToString(Math.Abs(r) > 0.999999 ? "F9" : "F6").Replace('-', '−');
}
