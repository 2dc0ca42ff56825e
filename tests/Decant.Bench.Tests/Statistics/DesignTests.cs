using CsCheck;

namespace Decant.Bench.Tests;

public class DesignTests
{
    static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public void In_Williams_sequences_every_arm_has_every_place_and_every_neighbour(int arms)
    {
        int[][] sequences = BlockOrder.Williams(arms);
        int times = arms % 2 == 0 ? 1 : 2;
        Assert.Equal(arms * times, sequences.Length);
        for (int one = 0; one < arms; one++)
        {
            for (int place = 0; place < arms; place++)
                Assert.Equal(times, sequences.Count(sequence => sequence[place] == one));
            for (int other = 0; other < arms; other++)
            {
                int follows = sequences.Sum(sequence => Enumerable.Range(1, arms - 1).Count(place => sequence[place - 1] == one && sequence[place] == other));
                Assert.Equal(one == other ? 0 : times, follows);
            }
        }
    }

    [Fact]
    public void Orders_are_balanced_interleaved_and_made_again_from_their_seed() => Gen.Select(Gen.Int[2, 6], Gen.Int[1, 40], Gen.ULong).Sample((arms, blocks, seed) =>
    {
        int[][] orders = BlockOrder.Of(arms, blocks, seed);
        int[] trials = [.. orders.SelectMany(order => order)];
        Assert.Equal(trials, BlockOrder.Of(arms, blocks, seed).SelectMany(order => order));
        Assert.True(BlockOrder.IsInterleaved(trials));
        int[] first = [.. Enumerable.Range(0, arms).Select(arm => orders.Count(order => order[0] == arm))];
        // Whole rounds of the sequences are balanced; the last round may be cut off.
        Assert.True(first.Max() - first.Min() <= 2);
    });

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, false)]
    [InlineData(new[] { 0, 1, 1, 0 }, true)]
    [InlineData(new[] { 0, 1, 1, 0, 1 }, true)]
    [InlineData(new[] { 0, 1, 2, 0, 1, 1 }, false)]
    [InlineData(new[] { 0, 0 }, false)]
    public void Trials_are_interleaved_where_each_block_is_complete(int[] trials, bool expected) => Assert.Equal(expected, BlockOrder.IsInterleaved(trials));

    /// <summary>The table of the literature (Cohen 1988, G*Power), for 80 % and 90 %.</summary>
    [Theory]
    [InlineData(0.5, 64, 86)]
    [InlineData(0.8, 26, 34)]
    [InlineData(1, 17, 23)]
    [InlineData(1.5, 9, 11)]
    [InlineData(2, 6, 7)]
    [InlineData(3, 4, 4)]
    public void So_many_trials_find_an_effect_of_that_size(double effect, int eighty, int ninety) =>
        Assert.Equal((eighty, ninety), (SampleSize.PerArm(effect, 0.8), SampleSize.PerArm(-effect, 0.9)));

    [Fact]
    public void Thirty_trials_find_half_a_standard_deviation_in_48_percent()
    {
        Assert.Equal(0.478, SampleSize.Power(0.5, 30), 0.0005);
        Assert.Equal(0.05, SampleSize.Power(0, 12), 1e-9);
        Assert.Equal(0.05, SampleSize.Power(0, 2), 1e-6);
        Assert.Throws<ArgumentException>(() => SampleSize.PerArm(0, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSize.Power(1, 1));
    }

    [Fact]
    public void Measuring_stops_when_the_interval_is_narrow_enough()
    {
        StopRule rule = new(HalfWidth: 0.005, Pilot: 5, Budget: 500);
        Noise noise = new(4);
        List<double> ratios = [];
        int foretold = 0;
        while (true)
        {
            ratios.Add(Math.Exp(0.02 * noise.Next()));
            StopDecision decision = rule.After(BlockDifferences.LogRatios([.. ratios], Ones(ratios.Count)));
            if (ratios.Count == 20)
                foretold = decision.BlocksNeeded;
            if (!decision.Stop)
                continue;
            Assert.Equal(StopReason.Precise, decision.Reason);
            Assert.True(decision.Interval.HalfWidth <= 0.005);
            break;
        }

        // (1.96·0.02·√(π/3)/0.005)² = 64.
        Assert.InRange(ratios.Count, 45, 90);
        Assert.InRange(foretold, 35, 110);
    }

    [Fact]
    public void Measuring_stops_when_the_budget_is_spent()
    {
        StopRule rule = new(HalfWidth: 1e-6, Pilot: 2, Budget: 3);
        BlockDifferences two = BlockDifferences.LogRatios([1, 2], Ones(2)), three = BlockDifferences.LogRatios([1, 2, 3], Ones(3));
        Assert.Equal((StopReason.None, false, 1_000_000), (rule.After(two).Reason, rule.After(two).Stop, rule.After(two).BlocksNeeded));
        Assert.Equal((StopReason.Budget, true), (rule.After(three).Reason, rule.After(three).Stop));
    }

    /// <summary>The least n with t·s·√(π/3)/√n of at most 0.005, s = √(0.001/9).</summary>
    [Fact]
    public void The_blocks_that_it_takes_follow_from_the_spread()
    {
        double[] differences = [.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? 0.01 : -0.01)];
        Assert.Equal(21, new StopRule(0.005, 5, 99).After(BlockDifferences.Raw(differences, new double[10])).BlocksNeeded);
    }

    [Fact]
    public void Each_round_of_sequences_has_an_order_of_its_own()
    {
        string[] rounds = [.. BlockOrder.Of(4, 40, 7).Chunk(4).Select(round => string.Join(' ', round.Select(order => order[0])))];
        Assert.True(rounds.Distinct().Count() > 5);
    }

    [Fact]
    public void Blocks_that_do_not_vary_still_take_six_for_an_interval_of_95_percent()
    {
        StopRule rule = new(HalfWidth: 0.01, Pilot: 2, Budget: 100);
        int blocks = 1;
        while (!rule.After(BlockDifferences.LogRatios(Ones(blocks), Ones(blocks))).Stop)
            blocks++;
        Assert.Equal(6, blocks);
        Assert.Equal(6, rule.After(BlockDifferences.LogRatios(Ones(1), Ones(1))).BlocksNeeded);
    }
}
