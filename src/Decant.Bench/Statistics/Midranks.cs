namespace Decant.Bench;

/// <summary>The ranks of values from the least (1) up; values that tie share the mean of their ranks.</summary>
sealed class Midranks
{
    Midranks(double[] ranks, double tieTerm)
    {
        Ranks = ranks;
        TieTerm = tieTerm;
    }

    /// <summary>In the order of the values.</summary>
    public double[] Ranks { get; }

    /// <summary>Σ (t³ − t) over the groups of t tied values: 0 where nothing ties.</summary>
    public double TieTerm { get; }

    /// <param name="tolerance">Neighbours that lie no further apart are tied.</param>
    public static Midranks Of(ReadOnlySpan<double> values, double tolerance)
    {
        double[] sorted = values.ToArray();
        int[] places = new int[sorted.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = i;
        Array.Sort(sorted, places);
        double[] ranks = new double[sorted.Length];
        double tieTerm = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] - sorted[end - 1] <= tolerance)
                end++;
            double size = end - start;
            tieTerm += size * size * size - size;
            for (int i = start; i < end; i++)
                ranks[places[i]] = (start + 1 + end) / 2.0;
        }

        return new Midranks(ranks, tieTerm);
    }
}
