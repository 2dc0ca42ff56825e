using CsCheck;

namespace Decant.Bench.Tests;

public class ComparisonTests
{
    static readonly Gen<(double[] Subject, double[] Baseline)> Arms =
        Gen.Int[6, 14].SelectMany(n => Gen.Select(Gen.Double[0.5, 2].Array[n], Gen.Double[0.5, 2].Array[n]), (_, arms) => (arms.Item1, arms.Item2));

    /// <summary>Without ties: where those are, signed ranks and their interval agree only nearly.</summary>
    static readonly Gen<(double[] Subject, double[] Baseline)> Untied = Gen.Select(Gen.Int[6, 14], Gen.ULong, (n, seed) =>
    {
        Noise noise = new(seed);
        return (Array.ConvertAll(noise.Next(n, 0, 0.2), Math.Exp), Array.ConvertAll(noise.Next(n, 0, 0.2), Math.Exp));
    });

    static readonly EquivalenceMargin Margin = EquivalenceMargin.Percent(20);

    static readonly Func<double[], double[], Comparison>[] Both = [(x, y) => PairedComparison.Of(x, y), (x, y) => UnpairedComparison.Of(x, y)];

    static double[] Times(double[] values, double factor) => Array.ConvertAll(values, value => value * factor);

    [Fact]
    public void Swapping_the_arms_inverts_the_ratio_and_keeps_the_verdict() => Arms.Sample(arms =>
    {
        foreach (Func<double[], double[], Comparison> compare in Both)
        {
            Comparison one = compare(arms.Subject, arms.Baseline), other = compare(arms.Baseline, arms.Subject);
            Near.Golden(1 / one.Ratio.Value, other.Ratio.Value);
            Near.Golden((1 / one.Ratio.Interval.High, 1 / one.Ratio.Interval.Low), other.Ratio.Interval);
            Near.Golden(one.P, other.P);
            Near.Golden(one.Within(Margin).P, other.Within(Margin).P);
            Near.Golden(one.Beyond(Margin), other.Beyond(Margin));
            Question question = new("wall time", "a", "b", Margin);
            Assert.Equal(Verdict.Of(question, one).Kind, Verdict.Of(question, other).Kind);
        }
    });

    [Fact]
    public void A_common_factor_changes_nothing() => Gen.Select(Arms, Gen.Double[1e-9, 1e12]).Sample((arms, factor) =>
    {
        foreach (Func<double[], double[], Comparison> compare in Both)
        {
            Comparison one = compare(arms.Subject, arms.Baseline), other = compare(Times(arms.Subject, factor), Times(arms.Baseline, factor));
            Near.Golden(one.Ratio.Value, other.Ratio.Value);
            Near.Golden((one.Ratio.Interval.Low, one.Ratio.Interval.High), other.Ratio.Interval);
            Near.Relative(one.P, other.P, 1e-6);
        }

        Near.Golden(RankSum.Test(arms.Subject, arms.Baseline).P, RankSum.Test(Times(arms.Subject, factor), Times(arms.Baseline, factor)).P);
        Near.Golden(CliffDelta.Of(arms.Subject, arms.Baseline).Value, CliffDelta.Of(Times(arms.Subject, factor), Times(arms.Baseline, factor)).Value);
        Near.Relative(EffectSize.HedgesG(arms.Subject, arms.Baseline), EffectSize.HedgesG(Times(arms.Subject, factor), Times(arms.Baseline, factor)), 1e-8);
    });

    [Fact]
    public void Intervals_hold_their_estimates() => Gen.Select(Arms, Gen.Double[0.5, 0.99]).Sample((arms, level) =>
    {
        double[] x = arms.Subject, y = arms.Baseline;
        foreach (Func<double[], double[], Comparison> compare in Both)
            Assert.True(compare(x, y).Ratio.Interval.Contains(compare(x, y).Ratio.Value));
        Assert.True(SignedRank.Estimate(BlockDifferences.Raw(x, y), level).Interval.Contains(SignedRank.Estimate(BlockDifferences.Raw(x, y), level).Value));
        Assert.True(RankSum.Estimate(x, y, level).Interval.Contains(RankSum.Estimate(x, y, level).Value));
        Assert.True(TTest.Welch(x, y, level: level).Interval.Contains(TTest.Welch(x, y).Difference));
        Assert.True(RatioOfMeans.Of(x, y, level)!.Interval.Contains(RatioOfMeans.Of(x, y)!.Ratio));
        Assert.True(CliffDelta.Of(x, y, level).Interval.Contains(CliffDelta.Of(x, y).Value));
    });

    [Fact]
    public void A_wider_margin_is_never_harder_to_stay_within() => Gen.Select(Untied, Gen.Double[0.1, 50], Gen.Double[0.1, 50]).Sample((arms, one, other) =>
    {
        EquivalenceMargin narrow = EquivalenceMargin.Percent(Math.Min(one, other)), wide = EquivalenceMargin.Percent(Math.Max(one, other));
        foreach (Func<double[], double[], Comparison> compare in Both)
        {
            Comparison comparison = compare(arms.Subject, arms.Baseline);
            Assert.True(comparison.Within(wide).P <= comparison.Within(narrow).P + 1e-12);
            Assert.True(comparison.Beyond(wide) >= comparison.Beyond(narrow) - 1e-12);
        }
    });

    [Fact]
    public void Equivalence_is_shown_where_the_90_percent_interval_lies_within_the_margin() => Gen.Select(Untied, Gen.Double[1, 60]).Sample((arms, percent) =>
    {
        EquivalenceMargin margin = EquivalenceMargin.Percent(percent);
        foreach (Func<double[], double[], Comparison> compare in Both)
        {
            Comparison comparison = compare(arms.Subject, arms.Baseline);
            EquivalenceTest test = comparison.Within(margin);
            Assert.Equal(test.Interval.Low > margin.Low && test.Interval.High < margin.High, test.P <= 0.05);
            bool outside = comparison.Ratio.Interval.Low > margin.High || comparison.Ratio.Interval.High < margin.Low;
            Assert.Equal(outside, comparison.Beyond(margin) <= 0.05);
        }
    });

    [Fact]
    public void A_margin_at_the_end_of_the_interval_is_just_not_exceeded()
    {
        UnpairedComparison slower = UnpairedComparison.Of([10.31, 10.25, 10.4, 10.28], [10.12, 10.08, 10.15]);
        Near.Golden(0.05, slower.Beyond(EquivalenceMargin.Percent(100 * (slower.Ratio.Interval.Low - 1))));
        Near.Golden(0.05, slower.Within(EquivalenceMargin.Percent(100 * (slower.Within(Margin).Interval.High - 1))).P);
    }

    [Fact]
    public void A_permutation_p_is_a_multiple_of_one_arrangement() => Arms.Sample(arms =>
    {
        PermutationTest test = PermutationTest.OfSignFlips(BlockDifferences.LogRatios(arms.Subject, arms.Baseline));
        Assert.True(test.Exact);
        Assert.Equal(1L << arms.Subject.Length, test.Arrangements);
        Assert.Equal(test.AsExtreme / (double)test.Arrangements, test.P);
        // The data and their mirror image are always among them.
        Assert.True(test.AsExtreme >= 2 && test.AsExtreme % 2 == 0);
    });

    [Fact]
    public void The_sign_flip_test_counts_all_signs() => Gen.Int[-3, 3].Select(value => (double)value).Array[1, 9].Sample(values =>
    {
        double Sum(int signs) => values.Select((value, i) => (signs >> i & 1) == 0 ? value : -value).Sum();
        int extreme = Enumerable.Range(0, 1 << values.Length).Count(signs => Math.Abs(Sum(signs)) >= Math.Abs(Sum(0)));
        Assert.Equal(extreme, PermutationTest.OfSignFlips(BlockDifferences.Raw(values, new double[values.Length])).AsExtreme);
    });

    [Fact]
    public void Many_blocks_are_permuted_by_a_seeded_sample()
    {
        Noise noise = new(9);
        BlockDifferences differences = BlockDifferences.Raw(noise.Next(40, 0.25), new double[40]);
        PermutationTest test = PermutationTest.OfSignFlips(differences, 1);
        Assert.Equal((false, 100_000), (test.Exact, test.Arrangements));
        Assert.Equal((test.AsExtreme + 1) / 100_001.0, test.P);
        Assert.Equal(test, PermutationTest.OfSignFlips(differences, 1));
        Assert.NotEqual(test, PermutationTest.OfSignFlips(differences, 2));
        Assert.Equal(TTest.OneSample(differences.Values.AsSpan()).P, test.P, 0.01);

        double[] x = noise.Next(15, 0.5), y = noise.Next(15);
        PermutationTest means = PermutationTest.OfMeans(x, y, 1);
        Assert.False(means.Exact);
        Assert.Equal(means, PermutationTest.OfMeans(x, y, 1));
        Assert.Equal(TTest.Pooled(x, y).P, means.P, 0.02);
    }

    [Fact]
    public void A_block_that_lies_far_off_is_flagged_and_kept()
    {
        double[] native = [10, 10.1, 9.9, 10, 10.2, 9.8, 10], docker = [10.2, 10.31, 10.08, 10.19, 10.41, 10.01, 15];
        PairedComparison comparison = PairedComparison.Of(docker, native);
        Assert.Equal([6], comparison.FlaggedBlocks);
        Assert.Equal(7, comparison.Differences.Count);
        Assert.Equal(PairedComparison.Of(docker.AsSpan(0, 6), native.AsSpan(0, 6)).Ratio, comparison.RatioWithoutFlagged);
        Assert.True(comparison.Ratio.Interval.High > comparison.RatioWithoutFlagged!.Value.Interval.High);
        Assert.Null(PairedComparison.Of(docker.AsSpan(0, 6), native.AsSpan(0, 6)).RatioWithoutFlagged);
    }

    [Fact]
    public void Arms_that_do_not_vary_have_an_interval_without_width()
    {
        UnpairedComparison same = UnpairedComparison.Of([2, 2, 2], [2, 2]), other = UnpairedComparison.Of([4, 4, 4], [2, 2]);
        Assert.Equal((1, 1, 1, 1), (same.Ratio.Value, same.Ratio.Interval.Low, same.Ratio.Interval.High, same.P));
        Near.Golden((2, 2), other.Ratio.Interval);
        Assert.Equal(0, other.P);
        Assert.Equal(3, TTest.Welch([4, 4, 4], [2, 2]).Df);
        Assert.Equal(double.PositiveInfinity, TTest.Welch([4, 4, 4], [2, 2]).T);
    }

    [Fact]
    public void A_baseline_that_is_not_told_from_zero_has_no_ratio()
    {
        Assert.Null(RatioOfMeans.Of([1, 2, 3], [-1, 0.1, 1.2]));
        Assert.Null(RatioOfMeans.Of([1, 2, 3], [-1, 0, 1]));
    }

    [Fact]
    public void Data_of_the_wrong_shape_are_refused()
    {
        Assert.Throws<ArgumentException>(() => BlockDifferences.Raw([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => BlockDifferences.Raw([], []));
        Assert.Throws<ArgumentException>(() => BlockDifferences.LogRatios([1, 0], [1, 1]));
        Assert.Throws<ArgumentException>(() => BlockDifferences.LogRatios([1, double.NaN], [1, 1]));
        Assert.Throws<ArgumentException>(() => UnpairedComparison.Of([1, -2], [1, 1]));
        Assert.Throws<ArgumentException>(() => TTest.Welch([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => RankSum.Test([], [1, 2]));
        Assert.Throws<ArgumentException>(() => CliffDelta.Of([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => Descriptive.Mean([]));
        Assert.Throws<ArgumentException>(() => Descriptive.Median([1, double.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Descriptive.Quantile([1, 2], 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EquivalenceMargin.Percent(0));
    }
}
