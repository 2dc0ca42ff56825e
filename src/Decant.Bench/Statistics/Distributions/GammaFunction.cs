namespace Decant.Bench;

/// <summary>The logarithm of Γ for positive numbers, by Stirling's series (DLMF 5.11.1) after the recurrence has brought the argument to 10 or more.</summary>
static class GammaFunction
{
    /// <summary>ln √(2π).</summary>
    public const double LogRootTwoPi = 0.91893853320467274178;

    /// <summary>From here on the series below leaves out less than 1e-17.</summary>
    public const double Asymptotic = 10;

    public static double Log(double x)
    {
        double product = 1;
        for (; x < Asymptotic; x++)
            product *= x;
        return (x - 0.5) * Math.Log(x) - x + LogRootTwoPi + Remainder(x) - Math.Log(product);
    }

    /// <summary>ln Γ(x) less Stirling's formula, for x of 10 and more: Σ B(2k) / (2k (2k−1) x^(2k−1)).</summary>
    public static double Remainder(double x)
    {
        ReadOnlySpan<double> terms = [1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0, -3617 / 122400.0];
        double square = 1 / (x * x), sum = 0;
        for (int i = terms.Length - 1; i >= 0; i--)
            sum = sum * square + terms[i];
        return sum / x;
    }
}
