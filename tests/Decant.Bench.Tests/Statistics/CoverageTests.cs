namespace Decant.Bench.Tests;

/// <summary>Two thousand simulated experiments each, of a fixed seed: an interval is worth what it covers.</summary>
public class CoverageTests
{
    const int Experiments = 2_000;

    /// <summary>The part of experiments in which it held; three standard deviations of it at 0.95 are 0.015.</summary>
    static double Rate(ulong seed, Func<Noise, bool> holds)
    {
        Noise noise = new(seed);
        int held = 0;
        for (int i = 0; i < Experiments; i++)
            held += holds(noise) ? 1 : 0;
        return held / (double)Experiments;
    }

    /// <summary>Skewed, as times are: the sum of a floor and an exponential delay.</summary>
    static double[] Skewed(Noise noise, int count, double mean)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double x = noise.Next(), y = noise.Next();
            values[i] = mean * (0.9 + 0.05 * (x * x + y * y));
        }

        return values;
    }

    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(20)]
    public void The_interval_of_blocks_covers_the_true_ratio(int blocks)
    {
        double rate = Rate((ulong)blocks, noise =>
        {
            double[] baseline = noise.Next(blocks, 100, 10);
            // The block's own level is shared by both arms, which is what blocks are for.
            double[] subject = [.. baseline.Select(value => value * 1.02 * Math.Exp(0.01 * noise.Next()))];
            return SignedRank.Estimate(BlockDifferences.LogRatios(subject, baseline)).Interval.Exp().Contains(1.02);
        });
        double reached = SignedRank.Estimate(BlockDifferences.Raw(new double[blocks], new double[blocks])).Interval.Level;
        Assert.InRange(rate, reached - 0.015, reached + 0.015);
        Assert.InRange(rate, 0.94, 0.985);
    }

    [Fact]
    public void The_shift_without_blocks_covers_the_true_one() => Assert.InRange(
        Rate(1, noise => RankSum.Estimate(noise.Next(9, 1), noise.Next(12)).Interval.Contains(1)), 0.93, 0.97);

    [Fact]
    public void The_shift_covers_skewed_data_too() => Assert.InRange(
        Rate(2, noise => RankSum.Estimate(Skewed(noise, 10, 1), Skewed(noise, 10, 1)).Interval.Contains(0)), 0.93, 0.97);

    [Fact]
    public void Welch_covers_where_spreads_differ() => Assert.InRange(
        Rate(3, noise => TTest.Welch(noise.Next(6, 1, 5), noise.Next(15, 0, 1)).Interval.Contains(1)), 0.93, 0.97);

    [Fact]
    public void Fieller_covers_the_ratio_of_means() => Assert.InRange(
        Rate(4, noise => RatioOfMeans.Of(noise.Next(8, 12, 1), noise.Next(8, 10, 2)) is { } ratio && ratio.Interval.Contains(1.2)), 0.93, 0.97);

    /// <summary>Which is why no verdict rests on it (docs/statistics.md).</summary>
    [Fact]
    public void The_bootstrap_of_thirty_skewed_blocks_falls_short_by_two_to_five_points() => Assert.InRange(
        Rate(5, noise => BcaBootstrap.Of<double>(Skewed(noise, 30, 1), values => values.Sum() / 30, resamples: 400).Interval.Contains(1)), 0.90, 0.93);

    [Fact]
    public void The_grand_mean_of_runs_covers_where_pooled_iterations_do_not()
    {
        double[][] Runs(Noise noise) => [.. Enumerable.Range(0, 6).Select(_ => noise.Next(10, noise.Next()))];
        Assert.InRange(Rate(6, noise => VarianceComponents.Of(Runs(noise)).Mean.Interval.Contains(0)), 0.93, 0.97);
        Assert.InRange(Rate(6, noise => TTest.OneSample([.. Runs(noise).SelectMany(run => run)]).Interval.Contains(0)), 0.3, 0.7);
    }

    /// <summary>For a normal shift of 1 the true δ is 2Φ(1/√2) − 1.</summary>
    [Fact]
    public void The_interval_of_delta_covers_the_true_one()
    {
        double delta = 2 * NormalDistribution.Cdf(1 / Math.Sqrt(2)) - 1;
        Assert.InRange(Rate(7, noise => CliffDelta.Of(noise.Next(15, 1), noise.Next(15)).Interval.Contains(delta)), 0.93, 0.97);
    }

    [Fact]
    public void Equivalence_is_claimed_of_arms_at_the_margin_in_five_percent() => Assert.InRange(
        Rate(8, noise => PairedComparison.Of([.. noise.Next(12).Select(d => 1.01 * Math.Exp(0.003 * d))], Ones(12)).Within(EquivalenceMargin.Percent(1)).P <= 0.05), 0.035, 0.065);

    [Fact]
    public void Relevance_is_claimed_of_arms_at_the_margin_in_less_than_five_percent() => Assert.InRange(
        Rate(9, noise => Judge([.. noise.Next(12).Select(d => 1.01 * Math.Exp(0.003 * d))]) == VerdictKind.DifferentAndRelevant), 0.01, 0.05);

    [Fact]
    public void A_difference_is_claimed_of_equal_arms_in_at_most_five_percent() => Assert.InRange(
        Rate(10, noise => Judge([.. noise.Next(10).Select(d => Math.Exp(0.003 * d))]) is VerdictKind.DifferentAndRelevant or VerdictKind.DifferentButNegligible), 0.02, 0.05);

    [Fact]
    public void Equal_arms_are_found_equivalent_when_the_spread_allows() => Assert.InRange(
        Rate(11, noise => Judge([.. noise.Next(12).Select(d => Math.Exp(0.005 * d))]) == VerdictKind.Equivalent), 0.9, 0.97);

    [Fact]
    public void A_steady_arm_shows_a_trend_in_five_percent() => Assert.InRange(Rate(12, noise => Trend.Of(noise.Next(20)).P <= 0.05), 0.035, 0.065);

    static VerdictKind Judge(double[] ratios) =>
        Verdict.Of(new Question("wall time", "docker", "native", EquivalenceMargin.Percent(1)), PairedComparison.Of(ratios, Ones(ratios.Length))).Kind;

    static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
