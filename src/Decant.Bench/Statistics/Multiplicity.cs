namespace Decant.Bench;

/// <summary>P-values of several questions, adjusted so that their number does not make findings. Results stand in the order of the arguments.</summary>
public static class Multiplicity
{
    /// <summary>Holm's step-down (Scand. J. Stat. 6, 1979): the probability of even one false finding stays below the level. For the declared primary metrics.</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        int[] order = Ascending(p);
        double[] adjusted = new double[order.Length];
        double greatest = 0;
        for (int i = 0; i < order.Length; i++)
            adjusted[order[i]] = greatest = Math.Max(greatest, Math.Min(1, (order.Length - i) * p[order[i]]));
        return adjusted;
    }

    /// <summary>Benjamini and Hochberg's step-up (J. Royal Stat. Soc. B 57, 1995): the expected part of false findings among all. For everything else.</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p)
    {
        int[] order = Ascending(p);
        double[] adjusted = new double[order.Length];
        double least = 1;
        for (int i = order.Length - 1; i >= 0; i--)
            adjusted[order[i]] = least = Math.Min(least, p[order[i]] * (order.Length / (i + 1.0)));
        return adjusted;
    }

    static int[] Ascending(IReadOnlyList<double> p)
    {
        foreach (double value in p)
        {
            if (!(value >= 0 && value <= 1))
                throw new ArgumentException($"A p-value lies between 0 and 1: {value} does not.", nameof(p));
        }

        return [.. Enumerable.Range(0, p.Count).OrderBy(i => p[i])];
    }
}
