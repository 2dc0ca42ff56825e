namespace Decant.Bench;

/// <summary>Where a series steps from one level to another, if it does: the greatest of the cumulative sums about the mean (Page, Biometrika 42, 1955).</summary>
/// <param name="First">The index of the first value after the step.</param>
/// <param name="Step">The mean after it less the mean before it.</param>
/// <param name="P">The part of random orders of the same values with as great a step, from a seeded sample of them.</param>
public sealed record ChangePoint(int First, double Step, double P)
{
    const int Orders = 9_999;

    /// <param name="values">In the order of measurement, two or more.</param>
    public static ChangePoint Of(ReadOnlySpan<double> values, ulong seed = 0)
    {
        Descriptive.AtLeast(values, 2);
        double[] about = values.ToArray();
        double mean = Descriptive.Mean(values);
        for (int i = 0; i < about.Length; i++)
            about[i] -= mean;
        (int first, double size) = Greatest(about);
        double least = size - Descriptive.TiePart * Descriptive.Magnitude(values) * Math.Sqrt(about.Length);
        SeededRandom random = new(seed);
        int beyond = 0;
        for (int i = 0; i < Orders; i++)
        {
            random.Shuffle(about.AsSpan());
            beyond += Greatest(about).Size >= least ? 1 : 0;
        }

        double step = Descriptive.Mean(values[first..]) - Descriptive.Mean(values[..first]);
        return new ChangePoint(first, step, PermutationTest.Estimated(beyond, Orders).P);
    }

    /// <summary>The cumulative sum S_k in units of √(k(n−k)/n), in which every place k has the same chance to be the greatest by accident.</summary>
    static (int First, double Size) Greatest(double[] about)
    {
        (int First, double Size) greatest = (1, -1);
        double sum = 0;
        for (int k = 1; k < about.Length; k++)
        {
            sum += about[k - 1];
            double size = Math.Abs(sum) / Math.Sqrt(k * (double)(about.Length - k) / about.Length);
            if (size > greatest.Size)
                greatest = (k, size);
        }

        return greatest;
    }
}
