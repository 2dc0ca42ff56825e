namespace Decant.Bench;

/// <summary>The beta function and its regularised incomplete form, for positive parameters.</summary>
static class BetaFunction
{
    /// <summary>
    /// ln B(a, b). The large terms of ln Γ cancel before they are computed, as in Didonato and Morris, Algorithm 708 (ACM TOMS 18, 1992), so that a
    /// million degrees of freedom cost no digits.
    /// </summary>
    public static double Log(double a, double b)
    {
        double small = Math.Min(a, b), large = Math.Max(a, b), sum = a + b;
        if (large < GammaFunction.Asymptotic)
            return GammaFunction.Log(small) + GammaFunction.Log(large) - GammaFunction.Log(sum);
        double rest = GammaFunction.Remainder(large) - GammaFunction.Remainder(sum);
        if (small < GammaFunction.Asymptotic)
            return GammaFunction.Log(small) + rest + small - small * Math.Log(sum) + (large - 0.5) * LogOnePlus(-small / sum);
        return -0.5 * Math.Log(large) + GammaFunction.LogRootTwoPi + GammaFunction.Remainder(small) + rest
            + (small - 0.5) * Math.Log(small / sum) + large * LogOnePlus(-small / sum);
    }

    /// <summary>I_x(a, b), by its continued fraction (DLMF 8.17.22), on the side where that converges fast.</summary>
    /// <param name="x">From 0 to 1.</param>
    /// <param name="complement">1 − x, which the caller knows without the loss of that subtraction.</param>
    public static double Regularized(double x, double complement, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (complement <= 0)
            return 1;
        return x < (a + 1) / (a + b + 2) ? Fraction(x, complement, a, b) : 1 - Fraction(complement, x, b, a);
    }

    static double Fraction(double x, double complement, double a, double b)
    {
        const double Tiny = 1e-300;
        const int Most = 100_000;
        // The first term is 1 − (a+b)x/(a+1), which is all but zero where a is large: this way it keeps its digits.
        double c = 1, d = 1 / NotZero((a * complement + 1 - b * x) / (a + 1)), fraction = d;
        for (int m = 1; m < Most; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            double factor = d * c;
            fraction *= factor;
            if (Math.Abs(factor - 1) < 1e-16)
                break;
        }

        double logX = x > 0.5 ? LogOnePlus(-complement) : Math.Log(x);
        double logComplement = complement > 0.5 ? LogOnePlus(-x) : Math.Log(complement);
        return Math.Exp(a * logX + b * logComplement - Log(a, b)) * fraction / a;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>ln(1+x) without loss for a small x, by Kahan's correction of the rounding of 1+x.</summary>
    public static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
