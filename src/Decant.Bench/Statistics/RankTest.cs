namespace Decant.Bench;

/// <summary>A test by ranks.</summary>
/// <param name="Statistic">Wilcoxon's V or Mann and Whitney's U; with ties it can be a half.</param>
/// <param name="Z">The statistic less its mean, after the correction for continuity, in standard deviations; 0 where all ties.</param>
/// <param name="P">The probability of a statistic at least as extreme, if the arms do not differ.</param>
/// <param name="Exact">Whether P comes from counting, or from Z.</param>
public sealed record RankTest(double Statistic, double Z, double P, bool Exact)
{
    internal static RankTest Exactly(RankDistribution distribution, double statistic, double mean, double deviation, Alternative alternative)
    {
        double p = alternative switch
        {
            Alternative.Greater => distribution.AtLeast(statistic),
            Alternative.Less => distribution.AtMost(statistic),
            _ => distribution.AsFar(statistic, mean),
        };
        return new RankTest(statistic, Score(statistic, mean, deviation, alternative, true), Math.Min(1, p), true);
    }

    internal static RankTest Approximately(double statistic, double mean, double deviation, Alternative alternative, bool continuity)
    {
        double z = Score(statistic, mean, deviation, alternative, continuity);
        double p = alternative switch
        {
            Alternative.Greater => NormalDistribution.UpperTail(z),
            Alternative.Less => NormalDistribution.Cdf(z),
            _ => Math.Min(1, 2 * NormalDistribution.UpperTail(Math.Abs(z))),
        };
        return new RankTest(statistic, z, p, false);
    }

    static double Score(double statistic, double mean, double deviation, Alternative alternative, bool continuity)
    {
        double away = statistic - mean;
        double step = !continuity ? 0 : alternative switch
        {
            Alternative.Greater => 0.5,
            Alternative.Less => -0.5,
            // Half a step towards the mean, and never past it.
            _ => Math.Sign(away) * Math.Min(0.5, Math.Abs(away)),
        };
        return deviation == 0 ? 0 : (away - step) / deviation;
    }
}
