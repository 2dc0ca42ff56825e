namespace Decant.Bench;

/// <summary>drift: an arm that changed in the course of the session. It meets all arms alike where they were measured in turn, and only then.</summary>
sealed class DriftThreatCheck : ThreatCheck
{
    /// <summary>Of three values no order is rare.</summary>
    const int Least = 4;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            bool interleaved = AuditedSession.IsInterleaved(result);
            foreach (Metric metric in session.Judged(result))
            {
                List<string> arms = [], signs = [];
                foreach (ResultEnvironment environment in result.Environments)
                {
                    double[] values = AuditedSession.Values(result, environment.Name, metric.Name);
                    if (values.Length < Least || DriftCheck.Of(values) is not { Found: true } drift)
                        continue;
                    arms.Add(environment.Name);
                    signs.Add($"{environment.Name}: {string.Join(", ", drift.Signs)}; {ValueText.Of(drift.Trend.Slope, metric.Unit)} a trial");
                }

                if (arms.Count == 0)
                    continue;
                string meaning = interleaved
                    ? "as arms were measured in turn, this meets all alike"
                    : "as arms were not measured in turn, this can look like a difference between them, or hide one";
                yield return new Threat(
                    "drift", interleaved ? ThreatSeverity.Note : ThreatSeverity.Disqualifying, session.Name(result),
                    $"The {metric.Name} of {ValueText.Sentence(arms)} changed in the course of the session; {meaning}.", string.Join(". ", signs));
            }
        }
    }
}
