namespace Decant.Bench;

/// <summary>The standard normal distribution, to about 1e-14 of each value, in the far tails too.</summary>
public static class NormalDistribution
{
    const double RootTwoPi = 2.50662827463100050242;

    /// <summary>P(Z ≤ z).</summary>
    public static double Cdf(double z) => z > 0 ? 1 - UpperTail(z) : UpperTail(-z);

    /// <summary>P(Z &gt; z).</summary>
    public static double UpperTail(double z)
    {
        if (z < 0)
            return 1 - UpperTail(-z);
        // The series (DLMF 7.6.2) subtracts from one half, the continued fraction (DLMF 7.9.1) does not: they meet where neither loses digits.
        return z < 2 ? 0.5 - Density(z) * CentralSeries(z) : Density(z) * TailFraction(z);
    }

    /// <summary>The z with P(Z ≤ z) = <paramref name="probability"/>, which lies between 0 and 1.</summary>
    public static double Quantile(double probability) =>
        probability < 0.5 ? -TailQuantile.Find(UpperTail, Density, probability) : TailQuantile.Find(UpperTail, Density, 1 - probability);

    /// <summary>The z that a two-sided interval of this level (0.95) reaches to either side.</summary>
    public static double Critical(double level) => TailQuantile.Find(UpperTail, Density, (1 - level) / 2);

    static double Density(double z) => Math.Exp(-z * z / 2) / RootTwoPi;

    static double CentralSeries(double z)
    {
        double term = z, sum = z;
        for (int n = 3; term > sum * 1e-17; n += 2)
        {
            term *= z * z / n;
            sum += term;
        }

        return sum;
    }

    /// <summary>Mills' ratio, from 1/(z + 1/(z + 2/(z + …))), far enough for z of 2 and more.</summary>
    static double TailFraction(double z)
    {
        double below = z;
        for (int n = 200; n > 0; n--)
            below = z + n / below;
        return 1 / below;
    }
}
