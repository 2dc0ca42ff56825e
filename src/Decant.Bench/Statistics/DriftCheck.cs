using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// Whether one arm changed in the course of a session: by a trend, by a step, or by neighbours that resemble each other. In complete blocks drift meets all
/// arms alike; where one arm was measured after the other it looks like a difference between them.
/// </summary>
/// <param name="Lag1">The autocorrelation of neighbours.</param>
/// <param name="Signs">What was found, in words; empty where nothing was.</param>
public sealed record DriftCheck(Trend Trend, ChangePoint ChangePoint, double Lag1, ImmutableArray<string> Signs)
{
    public bool Found => Signs.Length > 0;

    /// <param name="values">One arm's, in the order of the session, two or more.</param>
    /// <param name="level">One less it is how often a steady arm shows a trend, and how often a step.</param>
    public static DriftCheck Of(ReadOnlySpan<double> values, double level = 0.95, ulong seed = 0)
    {
        Trend trend = Trend.Of(values);
        ChangePoint step = ChangePoint.Of(values, seed);
        double lag1 = Correlation.Lag1(values);
        // Each test has the level for itself: a false alarm costs less than a drift that is missed.
        double least = 1 - level;
        ImmutableArray<string>.Builder signs = ImmutableArray.CreateBuilder<string>();
        if (trend.P <= least)
            signs.Add($"a trend over its trials ({NumberText.P(trend.P)})");
        if (step.P <= least)
            signs.Add($"a step before trial {step.First + 1} ({NumberText.P(step.P)})");
        if (lag1 > 2 / Math.Sqrt(values.Length))
            signs.Add($"neighbouring trials alike (autocorrelation {lag1:F2})");
        return new DriftCheck(trend, step, lag1, signs.ToImmutable());
    }
}
