namespace Decant.Bench;

/// <summary>start-temperature: one arm began warmer than the other, so that it was throttled earlier.</summary>
sealed class StartTemperatureCheck : ThreatCheck
{
    const double Alpha = 0.05;

    /// <summary>Sensors tell whole degrees, and gates let so much pass.</summary>
    const double LeastDegrees = 2;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            string baseline = result.Environments[0].Name;
            foreach (Metric metric in result.Metrics.Where(metric => metric.Unit == "°C" && metric.Name.Contains("start", StringComparison.Ordinal)))
            {
                double[] other = AuditedSession.Values(result, baseline, metric.Name);
                foreach (ResultEnvironment environment in result.Environments.Skip(1))
                {
                    double[] subject = AuditedSession.Values(result, environment.Name, metric.Name);
                    if (subject.Length < 2 || other.Length < 2 || TTest.Welch(subject, other) is not { P: <= Alpha } welch || Math.Abs(welch.Difference) < LeastDegrees)
                        continue;
                    yield return new Threat(
                        "start-temperature", ThreatSeverity.Doubt, session.Name(result),
                        $"Trials of {environment.Name} began {(welch.Difference > 0 ? "warmer" : "cooler")} than those of {baseline}: "
                            + "the cooler arm runs at a higher clock for longer.",
                        $"{environment.Name} {Descriptive.Mean(subject):F1} °C, {baseline} {Descriptive.Mean(other):F1} °C; {NumberText.P(welch.P)}");
                }
            }
        }
    }
}
