using CsCheck;

namespace Decant.Bench.Tests;

public class DriftTests
{
    static double[] Alternate(int count) => [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 1.0 : 2.0)];

    [Fact]
    public void The_trend_test_counts_all_orders() => Gen.Shuffle(new double[] { 1, 2, 3, 4, 5, 6 }).Sample(values =>
    {
        static int S(double[] of) => Enumerable.Range(0, of.Length).Sum(i => Enumerable.Range(i + 1, of.Length - i - 1).Sum(j => Math.Sign(of[j] - of[i])));
        static IEnumerable<double[]> Orders(double[] of) => of.Length == 1 ? [of]
            : of.SelectMany((value, i) => Orders([.. of.Where((_, j) => j != i)]).Select(rest => (double[])[value, .. rest]));
        int seen = Math.Abs(S(values));
        Trend trend = Trend.Of(values);
        Near.Golden(Orders(values).Count(order => Math.Abs(S(order)) >= seen) / 720.0, trend.P);
        Near.Golden(S(values) / 15.0, trend.Tau);
    }, iter: 20);

    [Fact]
    public void A_steady_rise_has_its_slope()
    {
        Trend trend = Trend.Of([5, 5.5, 6, 6.5, 7, 7.5]);
        Assert.Equal((0.5, 1), (trend.Slope, trend.Tau));
        Near.Golden(2 / 720.0, trend.P);
    }

    /// <summary>The variance with ties of Kendall, Rank Correlation Methods, 4.4: here (5·4·15 − 2·1·9·2)/18 = 44/3, S = 8.</summary>
    [Fact]
    public void A_trend_with_ties_takes_the_variance_that_they_leave()
    {
        Trend trend = Trend.Of([1, 1, 2, 2, 3]);
        Near.Golden(2 * NormalDistribution.UpperTail(7 / Math.Sqrt(44.0 / 3)), trend.P);
        Assert.Equal(1, Trend.Of([2, 2, 2]).P);
    }

    [Fact]
    public void A_step_is_found_where_it_is()
    {
        ChangePoint step = ChangePoint.Of([1, 1.1, 0.9, 1, 1.05, 1.5, 1.6, 1.4, 1.5, 1.55]);
        Assert.Equal(5, step.First);
        Assert.Equal(0.5, step.Step, 1e-9);
        Assert.True(step.P < 0.02);
    }

    [Fact]
    public void A_step_divides_where_both_sides_differ_most_for_their_size() => Gen.Select(Gen.ULong, Gen.Int[3, 15]).Sample((seed, n) =>
    {
        double[] values = new Noise(seed).Next(n);
        int expected = Enumerable.Range(1, n - 1).MaxBy(k => Math.Abs(values.Skip(k).Average() - values.Take(k).Average()) * Math.Sqrt(k * (n - k)));
        Assert.Equal(expected, ChangePoint.Of(values).First);
    }, iter: 20);

    [Fact]
    public void Values_that_do_not_vary_have_no_step_and_no_drift()
    {
        double[] same = [3, 3, 3, 3, 3];
        Assert.Equal(1, ChangePoint.Of(same).P);
        Assert.Equal(0, Correlation.Lag1(same));
        Assert.Equal(0, Correlation.Spearman(same, [1, 2, 3, 4, 5]));
        Assert.False(DriftCheck.Of(same).Found);
    }

    [Fact]
    public void Neighbours_that_are_alike_are_a_sign_of_drift()
    {
        double[] waves = [.. Enumerable.Range(0, 40).Select(i => Math.Sin(i / 2.0))];
        DriftCheck check = DriftCheck.Of(waves);
        Assert.Contains("neighbouring trials alike (autocorrelation 0.8", Assert.Single(check.Signs));
    }

    [Fact]
    public void Correlation_is_that_of_ranks()
    {
        Assert.Equal(1, Correlation.Spearman([1, 10, 100, 1000], [2, 3, 5, 7]));
        Assert.Equal(-1, Correlation.Spearman([1, 2, 3], [9, 4, 1]));
        // 1 − 6·Σd²/(n(n²−1)) with d = 0, 1, 1.
        Assert.Equal(0.5, Correlation.Spearman([1, 2, 3], [1, 3, 2]), 1e-12);
        Assert.Throws<ArgumentException>(() => Correlation.Spearman([1, 2, 3], [1, 2]));
    }

    [Fact]
    public void An_arm_that_slows_the_next_one_is_found()
    {
        Noise noise = new(3);
        int[] arms = [.. BlockOrder.Of(2, 40, 1).SelectMany(order => order)];
        double[] steady = noise.Next(arms.Length, 100), slowed = [.. steady];
        for (int i = 1; i < arms.Length; i++)
            slowed[i] += arms[i - 1] == 1 ? 3 : 0;
        Assert.InRange(CarryOver.Of(steady, arms)!.P, 0.05, 1);
        Assert.InRange(CarryOver.Of(slowed, arms)!.P, 1e-4, 0.001);
    }

    [Fact]
    public void An_arm_of_large_values_does_not_hide_what_carries_over_to_another()
    {
        Noise noise = new(4);
        int[] arms = [.. BlockOrder.Of(2, 40, 2).SelectMany(order => order)];
        double[] values = [.. arms.Select(arm => arm == 0 ? 1e6 * (1 + 0.1 * noise.Next()) : 100 + noise.Next())];
        for (int i = 1; i < arms.Length; i++)
            values[i] += arms[i] == 1 && arms[i - 1] == 1 ? 5 : 0;
        Assert.InRange(CarryOver.Of(values, arms)!.P, 1e-4, 0.001);
    }

    [Fact]
    public void A_fixed_order_tells_nothing_of_what_carries_over()
    {
        Assert.Null(CarryOver.Of(Alternate(12), [.. Alternate(12).Select(value => (int)value)]));
        Assert.Throws<ArgumentException>(() => CarryOver.Of([1, 2], [1]));
    }
}
