namespace Decant.Bench.Tests;

/// <summary>The constants were computed with 40 digits by an arbitrary-precision library.</summary>
public class DistributionTests
{
    const double Digits = 1e-12;

    [Theory]
    [InlineData(0.001, 5, 0.49962039338609882531)]
    [InlineData(1, 1, 0.25)]
    [InlineData(2, 3, 0.069662984279421588424)]
    [InlineData(12.5, 0.7, 0.052997645423712387692)]
    [InlineData(2, 1000000, 0.022750266925659604211)]
    [InlineData(1.3, 17.25, 0.10535215593270997205)]
    [InlineData(40, 30, 6.8630225972032013936e-28)]
    [InlineData(6, 100000, 9.899647278008812792e-10)]
    [InlineData(0.5, 250, 0.30875744295962028478)]
    [InlineData(0.3, 1900, 0.38210498636596238374)]
    [InlineData(1.96, 3000, 0.025044115836189955319)]
    [InlineData(10, 5000, 1.2604373558219967643e-23)]
    [InlineData(2, 20000, 0.022756880979249970979)]
    public void The_tail_of_t_has_twelve_digits(double t, double df, double expected)
    {
        Near.Relative(expected, StudentT.UpperTail(t, df), Digits);
        Near.Relative(1 - expected, StudentT.UpperTail(-t, df), Digits);
        Near.Relative(2 * expected, StudentT.TwoSided(-t, df), Digits);
    }

    [Theory]
    [InlineData(0.95, 1, 12.706204736174704646)]
    [InlineData(0.9999, 1, 6366.1976713159357848)]
    [InlineData(0.95, 9, 2.2621571627982055426)]
    [InlineData(0.9, 8.5, 1.8454660947452963337)]
    [InlineData(0.99, 1000000, 2.5758342201053341543)]
    [InlineData(0.95, 0.5, 164.55767348048853312)]
    [InlineData(0.5, 30, 0.68275569332129255301)]
    public void The_critical_t_has_twelve_digits(double level, double df, double expected) => Near.Relative(expected, StudentT.Critical(level, df), Digits);

    [Theory]
    [InlineData(0.01, 0.4960106436853683963)]
    [InlineData(1, 0.15865525393145705141)]
    [InlineData(1.99, 0.023295467750211821912)]
    [InlineData(2.01, 0.022215594429431474762)]
    [InlineData(5, 2.8665157187919391167e-7)]
    [InlineData(12, 1.7764821120776789977e-33)]
    [InlineData(37, 5.7255712225245768227e-300)]
    public void The_normal_tail_has_twelve_digits(double z, double expected)
    {
        Near.Relative(expected, NormalDistribution.UpperTail(z), Digits);
        // The far tail is below what Near adds for zero.
        Assert.InRange(NormalDistribution.Cdf(-z) / expected, 1 - Digits, 1 + Digits);
        Near.Relative(1 - expected, NormalDistribution.Cdf(z), Digits);
    }

    [Theory]
    [InlineData(1e-300, -37.047096299361199237)]
    [InlineData(1e-10, -6.3613409024040561991)]
    [InlineData(0.025, -1.9599639845400542118)]
    [InlineData(0.3, -0.52440051270804081597)]
    [InlineData(0.5, 0)]
    [InlineData(0.7, 0.52440051270804065631)]
    [InlineData(0.9999, 3.7190164854557083867)]
    public void The_normal_quantile_has_twelve_digits(double probability, double expected) =>
        Near.Relative(expected, NormalDistribution.Quantile(probability), Digits);

    [Theory]
    [InlineData(0.3, 2, 5, 0.579825)]
    [InlineData(0.9, 0.5, 0.5, 0.79516723530086654835)]
    [InlineData(0.5, 400, 380, 0.23682993735606699908)]
    [InlineData(0.999, 50, 0.5, 0.75236901996537678782)]
    public void The_incomplete_beta_function_has_twelve_digits(double x, double a, double b, double expected) =>
        Near.Relative(expected, BetaFunction.Regularized(x, 1 - x, a, b), Digits);

    [Theory]
    [InlineData(0.5, 500000, -5.9888164957774643103)]
    [InlineData(12, 30, -25.274864968419808384)]
    [InlineData(2, 3, -2.4849066497880003102)]
    [InlineData(10, 0.25, 0.72182633330350077315)]
    public void The_logarithm_of_beta_has_twelve_digits(double a, double b, double expected) => Near.Relative(expected, BetaFunction.Log(a, b), Digits);

    [Theory]
    [InlineData(0.5, 0.57236494292470008707)]
    [InlineData(3.7, 1.4280723266653879219)]
    [InlineData(9.99, 12.77931521435019288)]
    [InlineData(10, 12.801827480081469611)]
    [InlineData(123.25, 468.61448295051664423)]
    [InlineData(1e7, 151180949.36947391394)]
    public void The_logarithm_of_gamma_has_twelve_digits(double x, double expected) => Near.Relative(expected, GammaFunction.Log(x), Digits);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Degrees_of_freedom_must_be_positive(double df) => Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.UpperTail(1, df));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_quantile_takes_a_probability_between_0_and_1(double probability) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Quantile(probability));
}
