namespace Decant.Bench;

/// <summary>How many trials show what, before any is made.</summary>
public static class SampleSize
{
    /// <summary>Of Simpson's rule below, in which the first place adds nothing: the density is 0 there, or too small to count.</summary>
    const int Steps = 2_000;

    /// <summary>How often the two-sided t-test of two equal arms finds a difference of <paramref name="effect"/> standard deviations.</summary>
    /// <param name="perArm">Two or more.</param>
    public static double Power(double effect, int perArm, double level = 0.95)
    {
        if (perArm < 2)
            throw new ArgumentOutOfRangeException(nameof(perArm), perArm, "A t-test takes two values of each arm or more.");
        double df = 2.0 * perArm - 2, critical = StudentT.Critical(level, df), shift = Math.Abs(effect) * Math.Sqrt(perArm / 2.0);
        // The noncentral t: given the estimated spread u in true ones, the test is one of a normal mean; u is χ_ν/√ν, whose spread is about 1/√(2ν).
        double logScale = Math.Log(2) + df / 2 * Math.Log(df / 2) - GammaFunction.Log(df / 2);
        double reach = 10 / Math.Sqrt(2 * df), from = Math.Max(0, 1 - reach), step = (1 + reach - from) / Steps, sum = 0;
        for (int i = 1; i <= Steps; i++)
        {
            double u = from + i * step;
            double density = Math.Exp(logScale + (df - 1) * Math.Log(u) - df * u * u / 2);
            double found = NormalDistribution.UpperTail(critical * u - shift) + NormalDistribution.UpperTail(critical * u + shift);
            sum += (i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * density * found;
        }

        return sum * step / 3;
    }

    /// <summary>The least number of trials of each arm with which a difference of <paramref name="effect"/> standard deviations is found that often.</summary>
    /// <param name="effect">Not 0.</param>
    /// <param name="power">0.8 or 0.9, say; below 1.</param>
    /// <exception cref="OverflowException">It would take more than a billion.</exception>
    public static int PerArm(double effect, double power, double level = 0.95)
    {
        if (effect == 0 || !(power < 1))
            throw new ArgumentException($"No number of trials finds an effect of {effect} with a probability of {power}.", nameof(effect));
        return Least(2, trials => Power(effect, trials, level) >= power);
    }

    /// <summary>The least number from <paramref name="from"/> on that is enough, given that all above are too.</summary>
    internal static int Least(int from, Func<int, bool> enough)
    {
        int low = from - 1, high = from;
        while (!enough(high))
            (low, high) = (high, checked(high * 2));
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (enough(middle))
                high = middle;
            else
                low = middle;
        }

        return high;
    }
}
