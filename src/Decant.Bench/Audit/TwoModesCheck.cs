namespace Decant.Bench;

/// <summary>two-modes: an arm's values form two groups, so that its mean is a value that no trial has.</summary>
sealed class TwoModesCheck : ThreatCheck
{
    const int Least = 10;

    /// <summary>
    /// The part of the variance that is left within the two groups: of normal data the best split leaves 1 − 2/π = 0.36, of ten values less than 0.08 once in
    /// two hundred.
    /// </summary>
    const double MostWithin = 0.08;

    /// <summary>One or two values that lie apart are outliers and no group.</summary>
    const double LeastGroup = 0.25;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            foreach (Metric metric in session.Judged(result))
            {
                foreach (ResultEnvironment environment in result.Environments)
                {
                    double[] values = AuditedSession.Values(result, environment.Name, metric.Name);
                    if (Split(values) is not { } split)
                        continue;
                    yield return new Threat(
                        "two-modes", ThreatSeverity.Doubt, session.Name(result),
                        $"The {metric.Name} of {environment.Name} forms two groups: look for what switches between them, such as the alignment of memory or a cache "
                            + "that was warm in some trials.",
                        $"{split.Below}× about {ValueText.Of(split.Low, metric.Unit)}, {values.Length - split.Below}× about {ValueText.Of(split.High, metric.Unit)}; "
                            + $"{100 * split.Within:F0} % of the variance lies within them");
                }
            }
        }
    }

    /// <summary>The split of the sorted values that leaves the least variance within; null where it is as of one group.</summary>
    internal static (int Below, double Low, double High, double Within)? Split(double[] values)
    {
        if (values.Length < Least)
            return null;
        double variance = Descriptive.Variance(values);
        if (variance == 0)
            return null;
        double[] sorted = [.. values.Order()];
        int fewest = Math.Max(2, (int)Math.Ceiling(LeastGroup * sorted.Length));
        (int Below, double Low, double High, double Within) best = (0, 0, 0, 1);
        for (int below = 1; below < sorted.Length; below++)
        {
            double low = Descriptive.Mean(sorted.AsSpan(0, below)), high = Descriptive.Mean(sorted.AsSpan(below));
            double within = sorted.Select((value, i) => value - (i < below ? low : high)).Sum(away => away * away) / ((sorted.Length - 1) * variance);
            if (within < best.Within)
                best = (below, low, high, within);
        }

        return best.Within <= MostWithin && best.Below >= fewest && sorted.Length - best.Below >= fewest ? best : null;
    }
}
