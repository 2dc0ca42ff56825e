using System.Text.Json;

namespace Decant.Bench.Tests;

/// <summary>Every value of golden-statistics.json, group by group.</summary>
[Trait("data", "shared")]
public class GoldenTests
{
    static JsonElement Group(string name) => SharedData.Golden.GetProperty(name);

    static void Check(JsonElement expected, TTest actual)
    {
        Near.Golden(expected.Number("diff"), actual.Difference);
        Near.Golden(expected.Number("t"), actual.T);
        Near.Golden(expected.Number("df"), actual.Df);
        Near.Golden(expected.Number("p"), actual.P);
        Near.Golden((expected.Number("lo"), expected.Number("hi")), actual.Interval);
        if (expected.TryGetProperty("se", out JsonElement error))
            Near.Golden(error.GetDouble(), actual.StandardError);
    }

    static void Check(JsonElement expected, ShiftEstimate actual)
    {
        Near.Golden(expected.Number("est"), actual.Value);
        Near.Golden((expected.Number("lo"), expected.Number("hi")), actual.Interval);
        Near.Golden(expected.Number("achieved"), actual.Interval.Level);
        Assert.Equal(expected.Number("k"), actual.Rank);
    }

    [Fact]
    public void A_sleep_is_met()
    {
        JsonElement group = Group("A_sleep");
        double[] x = group.Numbers("x"), y = group.Numbers("y");
        Check(group.GetProperty("welch"), TTest.Welch(x, y));
        Check(group.GetProperty("student"), TTest.Pooled(x, y));
        Check(group.GetProperty("paired"), TTest.OneSample(BlockDifferences.Raw(x, y).Values.AsSpan()));
        Near.Golden(group.Number("cohen_d"), EffectSize.CohenD(x, y));
        Near.Golden(group.Number("hedges_g"), EffectSize.HedgesG(x, y));
        Near.Golden(group.Number("cliff"), CliffDelta.Of(x, y).Value);
    }

    [Fact]
    public void B_permeability_is_met()
    {
        JsonElement group = Group("B_permeability");
        double[] x = group.Numbers("x"), y = group.Numbers("y"), approximate = group.Numbers("asym_cc");
        RankTest exact = RankSum.Test(x, y), normal = RankSum.Approximate(x, y);
        Near.Golden(group.Number("U"), exact.Statistic);
        Near.Golden(group.Number("p_two"), exact.P);
        Near.Golden(group.Number("p_greater"), RankSum.Test(x, y, Alternative.Greater).P);
        Assert.True(exact.Exact);
        Near.Golden(approximate[0], normal.Statistic);
        Near.Golden(approximate[1], normal.Z);
        Near.Golden(approximate[2], normal.P);
        Assert.False(normal.Exact);
        Check(group.GetProperty("hl95"), RankSum.Estimate(x, y));
        Check(group.GetProperty("hl90"), RankSum.Estimate(x, y, 0.90));
        Near.Golden(group.Number("cliff"), CliffDelta.Of(x, y).Value);
    }

    [Fact]
    public void C_depression_is_met()
    {
        JsonElement group = Group("C_depression");
        BlockDifferences differences = BlockDifferences.Raw(group.Numbers("x"), group.Numbers("y"));
        Near.Golden(group.Number("wsr", "V"), SignedRank.Test(differences).Statistic);
        Near.Golden(group.Number("wsr", "p_two"), SignedRank.Test(differences).P);
        Near.Golden(group.Number("wsr", "p_greater"), SignedRank.Test(differences, Alternative.Greater).P);
        Near.Golden(group.Number("wsr", "p_less"), SignedRank.Test(differences, Alternative.Less).P);
        Check(group.GetProperty("hl95"), SignedRank.Estimate(differences));
    }

    [Fact]
    public void D_bench_is_met()
    {
        JsonElement group = Group("D_bench");
        double[] x = group.Numbers("docker"), y = group.Numbers("native"), rank = group.Numbers("mw"), permuted = group.Numbers("perm_mean");
        Assert.Equal(group.Numbers("mean"), new[] { Descriptive.Mean(x), Descriptive.Mean(y) }, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(group.Numbers("sd"), new[] { Descriptive.StandardDeviation(x), Descriptive.StandardDeviation(y) }, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(group.Numbers("mad"), new[] { Descriptive.Mad(x), Descriptive.Mad(y) }, (a, b) => Math.Abs(a - b) < 1e-9);
        Check(group.GetProperty("welch"), TTest.Welch(x, y));
        Near.Golden(rank[0], RankSum.Test(x, y).Statistic);
        Near.Golden(rank[1], RankSum.Test(x, y).P);
        Check(group.GetProperty("hl95"), RankSum.Estimate(x, y));
        Near.Golden(group.Number("cohen_d"), EffectSize.CohenD(x, y));
        Near.Golden(group.Number("hedges_g"), EffectSize.HedgesG(x, y));
        Near.Golden(group.Number("glass"), EffectSize.GlassDelta(x, y));
        Near.Golden(group.Number("cliff"), CliffDelta.Of(x, y).Value);
        Check(group.GetProperty("paired_in_order"), TTest.OneSample(BlockDifferences.Raw(x, y).Values.AsSpan()));
        PermutationTest permutation = PermutationTest.OfMeans(x, y);
        Assert.Equal((permuted[0], permuted[1]), (permutation.AsExtreme, permutation.Arrangements));
        Near.Golden(permuted[2], permutation.P);
    }

    [Theory]
    [InlineData("tost_pm5pct", 0.05)]
    [InlineData("tost_pm2pct", 0.02)]
    public void D_bench_is_met_by_the_tests_of_equivalence(string name, double margin)
    {
        JsonElement group = Group("D_bench"), expected = group.GetProperty(name);
        double[] x = group.Numbers("docker"), y = group.Numbers("native");
        double bound = margin * Descriptive.Mean(y);
        EquivalenceTest test = EquivalenceTest.Welch(x, y, -bound, bound);
        TTest lower = TTest.Welch(x, y, -bound), upper = TTest.Welch(x, y, bound);
        Near.Golden(expected.Number("t_lower"), lower.T);
        // The estimate lies at the upper bound of ±2 %, so t there is a difference of numbers that agree in five digits.
        Near.Relative(expected.Number("t_upper"), upper.T, 1e-9);
        Near.Golden(expected.Number("df"), lower.Df);
        Near.Golden(expected.Number("p_lower"), test.PLower);
        Near.Golden(expected.Number("p_upper"), test.PUpper);
        Near.Golden(expected.Number("p"), test.P);
        Near.Golden((expected.Numbers("ci90")[0], expected.Numbers("ci90")[1]), test.Interval);
    }

    [Fact]
    public void D_bench_is_met_by_the_ratios()
    {
        JsonElement group = Group("D_bench"), fieller = group.GetProperty("fieller"), logarithmic = group.GetProperty("log_ratio");
        double[] x = group.Numbers("docker"), y = group.Numbers("native");
        RatioOfMeans ratio = RatioOfMeans.Of(x, y)!;
        Near.Golden(fieller.Number("ratio"), ratio.Ratio);
        Near.Golden(fieller.Number("df"), ratio.Df);
        Near.Golden((fieller.Number("lo"), fieller.Number("hi")), ratio.Interval);
        UnpairedComparison comparison = UnpairedComparison.Of(x, y);
        Near.Golden(logarithmic.Number("ratio"), comparison.Ratio.Value);
        Near.Golden((logarithmic.Number("lo"), logarithmic.Number("hi")), comparison.Ratio.Interval);
        Near.Golden(logarithmic.Number("p"), comparison.P);
    }

    [Fact]
    public void E_ties_is_met()
    {
        JsonElement group = Group("E_ties");
        double[] x = group.Numbers("x"), y = group.Numbers("y"), corrected = group.Numbers("asym_cc"), plain = group.Numbers("asym_nocc");
        double[] counted = group.Numbers("exact_conditional");
        RankTest exact = RankSum.Test(x, y), withStep = RankSum.Approximate(x, y), without = RankSum.Approximate(x, y, continuity: false);
        Near.Golden(group.Number("U"), exact.Statistic);
        Near.Golden(counted[0] / counted[1], exact.P);
        Near.Golden(counted[2], exact.P);
        Assert.Equal([corrected[0], plain[0]], new[] { withStep.Statistic, without.Statistic });
        Near.Golden(corrected[1], Math.Abs(withStep.Z));
        Near.Golden(corrected[2], withStep.P);
        Near.Golden(plain[1], Math.Abs(without.Z));
        Near.Golden(plain[2], without.P);
        Near.Golden(group.Number("cliff"), CliffDelta.Of(x, y).Value);
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("median")]
    public void F_bca_is_met(string figure)
    {
        JsonElement group = Group("F_bca_exhaustive"), expected = group.GetProperty(figure);
        BcaBootstrap bootstrap = BcaBootstrap.Of<double>(
            group.Numbers("x"), figure == "mean" ? values => Descriptive.Mean(values) : values => Descriptive.Median(values));
        Near.Golden(expected.Number("theta"), bootstrap.Value);
        Assert.Equal((expected.Number("B"), expected.Number("lt"), expected.Number("eq")), (bootstrap.Resamples, bootstrap.Below, bootstrap.Equal));
        Near.Golden(expected.Number("z0"), bootstrap.Bias);
        Near.Golden(expected.Number("a"), bootstrap.Acceleration);
        Near.Golden(expected.Number("alpha1"), bootstrap.LowProbability);
        Near.Golden(expected.Number("alpha2"), bootstrap.HighProbability);
        Near.Golden((expected.Numbers("bca")[0], expected.Numbers("bca")[1]), bootstrap.Interval);
        Near.Golden((expected.Numbers("perc")[0], expected.Numbers("perc")[1]), bootstrap.Percentile);
    }

    [Theory]
    [InlineData("H_padjust")]
    [InlineData("H2_BH1995")]
    public void H_adjusted_p_values_are_met(string name)
    {
        JsonElement group = Group(name);
        double[] p = group.Numbers("p");
        Assert.All(group.Numbers("holm").Zip(Multiplicity.Holm(p)), pair => Near.Golden(pair.First, pair.Second));
        Assert.All(group.Numbers("bh").Zip(Multiplicity.BenjaminiHochberg(p)), pair => Near.Golden(pair.First, pair.Second));
    }

    [Fact]
    public void I_variance_components_are_met()
    {
        JsonElement group = Group("I_KJ");
        double[][] runs = [.. group.GetProperty("runs").EnumerateArray().Select(run => run.Numbers())];
        VarianceComponents components = VarianceComponents.Of(runs);
        Near.Golden(group.Number("grand"), components.Mean.Value);
        Near.Golden(group.Number("S1sq"), components.WithinRuns);
        Near.Golden(group.Number("T1sq"), components.WithinRuns);
        Near.Golden(group.Number("S2sq"), components.RunMeans);
        Near.Golden(group.Number("T2sq"), components.BetweenRuns);
        Near.Golden((group.Numbers("ci")[0], group.Numbers("ci")[1]), components.Mean.Interval);
        Near.Golden((group.Numbers("naive_ci")[0], group.Numbers("naive_ci")[1]), TTest.OneSample([.. runs.SelectMany(run => run)]).Interval);
        Assert.Equal(group.Number("opt_r1_if_startup_cost_equals_10_iterations"), components.BestIterations(10));
        Assert.Equal(3, components.BestIterations(100));
    }
}
