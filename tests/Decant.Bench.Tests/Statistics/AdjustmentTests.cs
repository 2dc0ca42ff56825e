using CsCheck;

namespace Decant.Bench.Tests;

public class AdjustmentTests
{
    static readonly Gen<double[]> PValues = Gen.Double[0, 1].Array[0, 12];

    [Fact]
    public void An_adjusted_p_is_never_below_the_raw_one_and_Holms_never_below_Hochbergs() => PValues.Sample(p =>
    {
        double[] holm = Multiplicity.Holm(p), bh = Multiplicity.BenjaminiHochberg(p);
        for (int i = 0; i < p.Length; i++)
            Assert.True(p[i] <= bh[i] && bh[i] <= holm[i] + 1e-15 && holm[i] <= Math.Min(1, p.Length * p[i]) + 1e-15);
    });

    [Fact]
    public void Adjusted_values_keep_the_order_of_the_raw_ones() => PValues.Sample(p =>
    {
        double[] holm = Multiplicity.Holm(p), bh = Multiplicity.BenjaminiHochberg(p);
        for (int i = 0; i < p.Length; i++)
        {
            for (int j = 0; j < p.Length; j++)
                Assert.True(p[i] > p[j] || (holm[i] <= holm[j] && bh[i] <= bh[j]));
        }
    });

    [Fact]
    public void One_question_is_not_adjusted()
    {
        Assert.Equal([0.03], Multiplicity.Holm([0.03]));
        Assert.Equal([0.03], Multiplicity.BenjaminiHochberg([0.03]));
        Assert.Throws<ArgumentException>(() => Multiplicity.Holm([0.5, 1.1]));
        Assert.Throws<ArgumentException>(() => Multiplicity.BenjaminiHochberg([double.NaN]));
    }

    [Fact]
    public void Quantiles_are_of_type_7()
    {
        double[] values = [4, 1, 3, 2];
        Assert.Equal([1, 1.75, 2.5, 3.25, 4], new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => Descriptive.Quantile(values, p)));
        Assert.Equal([4, 1, 3, 2], values);
    }

    [Fact]
    public void Values_far_from_the_median_are_flagged_and_nothing_else()
    {
        Assert.Equal([3], Outliers.Flag([10, 11, 9, 40, 10, 12, 8]));
        Assert.Empty(Outliers.Flag([10, 11, 9, 14, 10, 12, 8]));
        Assert.Empty(Outliers.Flag([5, 5, 5, 5]));
        // More than half are equal, so the median deviation is 0.
        Assert.Equal([4], Outliers.Flag([5, 5, 5, 5, 9, 5, 5, 5]));
        Assert.Empty(Outliers.Flag([5, 5, 5, 5, 5, 6, 6, 4]));
        Assert.Empty(Outliers.Flag([5, 5, 5, 5.0000000000000009]));
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 3, 4 }, EffectMagnitude.Negligible)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 1, 2, 3, 3 }, EffectMagnitude.Negligible)]
    [InlineData(new double[] { 1, 2, 3, 5 }, new double[] { 1, 2, 2, 3 }, EffectMagnitude.Small)]
    [InlineData(new double[] { 2, 3, 3, 4 }, new double[] { 1, 2, 3, 3 }, EffectMagnitude.Medium)]
    [InlineData(new double[] { 5, 6, 7 }, new double[] { 1, 2, 3 }, EffectMagnitude.Large)]
    public void Deltas_have_words(double[] x, double[] y, EffectMagnitude expected) => Assert.Equal(expected, CliffDelta.Of(x, y).Magnitude);

    /// <summary>Feng and Cliff's formula, computed once by hand for arms of unequal size.</summary>
    [Fact]
    public void A_delta_has_its_interval()
    {
        CliffDelta delta = CliffDelta.Of([1.2, 3.4, 2.2, 5.1, 4.0], [0.5, 2.2, 1.9, 3.0, 0.7, 1.1, 2.8, 4.5]);
        Near.Golden(0.475, delta.Value);
        Near.Golden((-0.15774872554947753, 0.8312265928559044), delta.Interval);
    }

    [Fact]
    public void A_delta_of_arms_that_do_not_overlap_is_bounded_by_their_size()
    {
        CliffDelta few = CliffDelta.Of([5, 6, 7, 8, 9, 10, 11], [1, 2, 3, 4]), mirrored = CliffDelta.Of([1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11]);
        double z = NormalDistribution.Critical(0.95);
        Assert.Equal((1, (4 - z * z) / (4 + z * z), 1), (few.Value, few.Interval.Low, few.Interval.High));
        Assert.Equal((-1, -1, -few.Interval.Low), (mirrored.Value, mirrored.Interval.Low, mirrored.Interval.High));
    }

    [Fact]
    public void The_bootstrap_is_made_again_from_its_seed_and_warns_of_few_blocks()
    {
        Noise noise = new(8);
        double[] values = noise.Next(9);
        BcaBootstrap Bootstrap(ulong seed) => BcaBootstrap.Of<double>(values, of => Descriptive.Median(of), resamples: 500, seed: seed);
        Assert.Equal(Bootstrap(1), Bootstrap(1));
        Assert.NotEqual(Bootstrap(1).Below, Bootstrap(2).Below);
        Assert.True(Bootstrap(1).FewBlocks);
        Assert.False(BcaBootstrap.Of<double>(noise.Next(10), of => Descriptive.Mean(of), resamples: 500).FewBlocks);
        Assert.Throws<ArgumentException>(() => BcaBootstrap.Of<double>([1], of => of[0]));
    }

    [Fact]
    public void A_figure_beyond_all_resamples_has_a_finite_bias()
    {
        // All blocks are different in the data alone.
        BcaBootstrap bootstrap = BcaBootstrap.Of<double>([1, 2, 3, 4, 5, 6, 7, 8, 9], of => -of.Distinct().Count(), resamples: 20);
        Assert.Equal((0, 0), (bootstrap.Below, bootstrap.Equal));
        Near.Golden(NormalDistribution.Quantile(0.5 / 21), bootstrap.Bias);
    }

    [Fact]
    public void The_bootstrap_of_blocks_that_do_not_vary_has_no_width()
    {
        BcaBootstrap bootstrap = BcaBootstrap.Of<double>([2, 2, 2], of => Descriptive.Mean(of));
        Assert.Equal((27, 0, 27, 0, 0), (bootstrap.Resamples, bootstrap.Below, bootstrap.Equal, bootstrap.Bias, bootstrap.Acceleration));
        Assert.Equal((2, 2), (bootstrap.Interval.Low, bootstrap.Interval.High));
    }

    [Fact]
    public void The_bootstrap_draws_whole_blocks()
    {
        (double Subject, double Baseline)[] blocks = [(2, 1), (20, 10), (200, 100), (2000, 1000)];
        BcaBootstrap bootstrap = BcaBootstrap.Of<(double Subject, double Baseline)>(blocks, of => of.Sum(block => block.Subject) / of.Sum(block => block.Baseline));
        Assert.Equal((2, 2, 256), (bootstrap.Interval.Low, bootstrap.Interval.High, bootstrap.Equal));
    }

    [Fact]
    public void Runs_that_do_not_differ_could_go_on_for_ever()
    {
        Assert.Null(VarianceComponents.Of([[1, 2, 3], [3, 1, 2]]).BestIterations(10));
        Assert.Equal(1, VarianceComponents.Of([[1, 1], [2, 2]]).BestIterations(10));
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of([[1, 2], [1, 2, 3]]));
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of([[1, 2]]));
    }
}
