namespace Decant.Bench;

/// <summary>Where the upper tail of a symmetric, continuous distribution holds a given probability.</summary>
static class TailQuantile
{
    /// <summary>The x ≥ 0 with P(X &gt; x) = <paramref name="probability"/>: Newton's method on the logarithm of the tail, kept within a bracket.</summary>
    /// <param name="probability">Above 0, at most ½.</param>
    public static double Find(Func<double, double> tail, Func<double, double> density, double probability)
    {
        if (!(probability > 0 && probability <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A tail's probability lies above 0 and is at most ½.");
        if (probability == 0.5)
            return 0;
        double low = 0, high = 1;
        for (; tail(high) > probability; high *= 2)
            low = high;
        double x = (low + high) / 2;
        while (true)
        {
            double reached = tail(x);
            if (reached > probability)
                low = x;
            else
                high = x;
            double next = x + Math.Log(reached / probability) * reached / density(x);
            if (!(next >= low && next <= high))
                next = (low + high) / 2;
            // Newton's step squares the error, so one this small was the last that changes a digit.
            if (Math.Abs(next - x) <= 1e-10 * next)
                return next;
            x = next;
        }
    }
}
