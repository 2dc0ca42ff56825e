using CsCheck;

namespace Decant.Bench.Tests;

public class RankTests
{
    static readonly Gen<double[]> FewWholes = Gen.Int[-4, 4].Select(value => (double)value).Array[1, 9];

    /// <summary>All ways to sign the differences, one by one.</summary>
    static double SignedRankByEnumeration(double[] values, Alternative alternative)
    {
        double[] kept = [.. values.Where(value => value != 0)];
        double[] ranks = [.. kept.Select(value => kept.Count(other => Math.Abs(other) < Math.Abs(value)) + (kept.Count(other => Math.Abs(other) == Math.Abs(value)) + 1) / 2.0)];
        double seen = kept.Zip(ranks).Sum(pair => pair.First > 0 ? pair.Second : 0), mean = ranks.Sum() / 2;
        int extreme = 0;
        for (int signs = 0; signs < 1 << kept.Length; signs++)
        {
            double v = ranks.Where((_, i) => (signs >> i & 1) == 1).Sum();
            extreme += (alternative switch
            {
                Alternative.Greater => v >= seen,
                Alternative.Less => v <= seen,
                _ => Math.Abs(v - mean) >= Math.Abs(seen - mean),
            }) ? 1 : 0;
        }

        return extreme / (double)(1 << kept.Length);
    }

    [Fact]
    public void The_signed_rank_test_counts_all_signs_with_ties_and_zeros() =>
        Gen.Select(FewWholes, Gen.Enum<Alternative>()).Sample((values, alternative) =>
        {
            RankTest test = SignedRank.Test(BlockDifferences.Raw(values, new double[values.Length]), alternative);
            Near.Golden(SignedRankByEnumeration(values, alternative), test.P);
        });

    [Fact]
    public void The_rank_sum_test_counts_all_choices_with_ties() =>
        Gen.Select(FewWholes.Where(x => x.Length < 6), FewWholes.Where(y => y.Length < 6)).Sample((x, y) =>
        {
            double[] all = [.. x, .. y];
            double U(int chosen) => Enumerable.Range(0, all.Length).Sum(i => (chosen >> i & 1) == 0 ? 0 : Enumerable.Range(0, all.Length)
                .Sum(j => (chosen >> j & 1) == 1 || all[i] < all[j] ? 0 : all[i] == all[j] ? 0.5 : 1));
            double seen = U((1 << x.Length) - 1), mean = x.Length * y.Length / 2.0;
            int[] choices = [.. Enumerable.Range(0, 1 << all.Length).Where(chosen => int.PopCount(chosen) == x.Length)];
            RankTest test = RankSum.Test(x, y);
            Near.Golden(seen, test.Statistic);
            Near.Golden(choices.Count(chosen => Math.Abs(U(chosen) - mean) >= Math.Abs(seen - mean)) / (double)choices.Length, test.P);
            Near.Golden(choices.Count(chosen => U(chosen) >= seen) / (double)choices.Length, RankSum.Test(x, y, Alternative.Greater).P);
            Near.Golden(choices.Count(chosen => U(chosen) <= seen) / (double)choices.Length, RankSum.Test(x, y, Alternative.Less).P);
        }, iter: 30);

    [Theory]
    [InlineData(3, 0.100)]
    [InlineData(4, 0.0286)]
    [InlineData(5, 0.0079)]
    [InlineData(7, 5.8e-4)]
    public void Two_arms_without_overlap_have_the_least_p_of_their_size(int n, double least)
    {
        double[] low = [.. Enumerable.Range(0, n).Select(i => (double)i)], high = [.. low.Select(value => value + 100)];
        Assert.Equal(least, RankSum.Test(high, low).P, least / 50);
        Assert.Equal(RankSum.Test(high, low).P, PermutationTest.OfMeans(high, low).P, 1e-15);
    }

    [Theory]
    [InlineData(5, 0.0625)]
    [InlineData(6, 0.03125)]
    [InlineData(8, 0.0078125)]
    public void Blocks_of_one_sign_have_the_least_p_of_their_number(int n, double least)
    {
        double[] values = [.. Enumerable.Range(1, n).Select(i => (double)i)];
        BlockDifferences differences = BlockDifferences.Raw(values, new double[n]);
        Assert.Equal(least, SignedRank.Test(differences).P);
        Assert.Equal(least, PermutationTest.OfSignFlips(differences).P);
    }

    [Fact]
    public void Differences_that_rounding_makes_unequal_are_tied()
    {
        // 10.31 − 10.12 and 10.29 − 10.1 are 0.19 but for the last digits.
        RankTest test = SignedRank.Test(BlockDifferences.Raw([10.31, 10.1, 0.5], [10.12, 10.29, 0.5]));
        Assert.Equal((1.5, 1), (test.Statistic, test.P));
    }

    [Fact]
    public void Blocks_that_are_all_equal_show_nothing()
    {
        BlockDifferences differences = BlockDifferences.LogRatios([3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8]);
        Assert.Equal((0, 0, 1, true), (SignedRank.Test(differences).Statistic, SignedRank.Test(differences).Z, SignedRank.Test(differences).P, SignedRank.Test(differences).Exact));
        Assert.Equal(1, PermutationTest.OfSignFlips(differences).P);
        Assert.Equal((0, 0, 0), (SignedRank.Estimate(differences).Value, SignedRank.Estimate(differences).Interval.Low, SignedRank.Estimate(differences).Interval.High));
        Assert.Equal((0, 1), (RankSum.Approximate([2, 2], [2, 2, 2]).Z, RankSum.Approximate([2, 2], [2, 2, 2]).P));
    }

    [Fact]
    public void The_normal_approximation_takes_over_where_counting_ends()
    {
        Noise noise = new(5);
        double[] x = noise.Next(60, 0.3), y = noise.Next(60);
        Assert.False(RankSum.Test(x, y).Exact);
        Assert.Equal(RankSum.Test(x.AsSpan(0, 50), y.AsSpan(0, 50)).P, RankSum.Approximate(x.AsSpan(0, 50), y.AsSpan(0, 50)).P, 0.002);
        ShiftEstimate counted = RankSum.Estimate(x.AsSpan(0, 50), y.AsSpan(0, 50)), all = RankSum.Estimate(x, y);
        Assert.InRange(counted.Interval.Level, 0.95, 0.951);
        Assert.Equal(0.95, all.Interval.Level);
        Assert.Equal(1426, all.Rank);
        Assert.Equal(1, all.Interval.HalfWidth / counted.Interval.HalfWidth, 0.2);

        double[] many = noise.Next(201, 0.1);
        BlockDifferences differences = BlockDifferences.Raw(many, new double[201]), fewer = differences.Without([0]);
        Assert.Equal(8532, SignedRank.Estimate(differences).Rank);
        Assert.False(SignedRank.Test(differences).Exact);
        Assert.True(SignedRank.Test(fewer).Exact);
        Assert.Equal(SignedRank.Test(fewer).P, SignedRank.Test(differences).P, 0.02);
        Assert.Equal(1, SignedRank.Estimate(differences).Interval.HalfWidth / SignedRank.Estimate(fewer).Interval.HalfWidth, 0.05);
    }

    /// <summary>V = 6 of mean 5, and its variance 4·5·9/24 less (2³ − 2)/48 for the two that tie.</summary>
    [Fact]
    public void The_signed_rank_score_takes_the_variance_that_ties_leave() =>
        Near.Golden(0.5 / Math.Sqrt(7.375), SignedRank.Test(BlockDifferences.Raw([1, 1, 2, -3], new double[4])).Z);

    [Fact]
    public void One_sided_tests_mirror_each_other()
    {
        double[] x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], y = [1.15, 0.88, 0.90, 0.74, 1.21];
        RankTest less = RankSum.Approximate(x, y, Alternative.Less), greater = RankSum.Approximate(y, x, Alternative.Greater);
        // U = 35 of mean 25 and variance 50·16/12.
        Near.Golden(10.5 / Math.Sqrt(50 * 16 / 12.0), less.Z);
        Near.Golden(NormalDistribution.Cdf(less.Z), less.P);
        Near.Golden(less.P, greater.P);
    }

    [Fact]
    public void An_interval_holds_the_shifts_that_the_signed_rank_test_does_not_reject() =>
        Gen.Select(Gen.ULong, Gen.Int[6, 12]).Sample((seed, n) =>
        {
            // Without ties, which a generator of doubles makes and the theorem leaves out.
            double[] values = new Noise(seed).Next(n);
            BlockDifferences differences = BlockDifferences.Raw(values, new double[values.Length]);
            Interval interval = SignedRank.Estimate(differences).Interval;
            double step = 1e-6;
            Assert.True(SignedRank.Test(differences.Less(interval.Low + step)).P > 0.05);
            Assert.True(SignedRank.Test(differences.Less(interval.High - step)).P > 0.05);
            Assert.True(SignedRank.Test(differences.Less(interval.Low - step)).P <= 0.05);
            Assert.True(SignedRank.Test(differences.Less(interval.High + step)).P <= 0.05);
        }, iter: 50);

    [Fact]
    public void Five_blocks_reach_94_percent_and_say_so() =>
        Assert.Equal(0.9375, SignedRank.Estimate(BlockDifferences.LogRatios([1, 2, 3, 4, 5], [2, 2, 2, 2, 2])).Interval.Level);
}
