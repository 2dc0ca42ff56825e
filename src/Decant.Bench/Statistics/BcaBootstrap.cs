namespace Decant.Bench;

/// <summary>
/// The bootstrap of any figure, bias-corrected and accelerated (Efron, JASA 82, 1987; Efron and Tibshirani, An Introduction to the Bootstrap, 14.3). What
/// is drawn is a block, as that is what was repeated.
/// </summary>
/// <param name="Value">The figure of the data themselves.</param>
/// <param name="Resamples">How many: all nⁿ where these are few, else a seeded sample.</param>
/// <param name="Below">How many of them have a figure below the data's; <paramref name="Equal"/>: an equal one.</param>
/// <param name="Bias">z0, from the part below and half the part equal.</param>
/// <param name="Acceleration">From leaving out one block at a time.</param>
/// <param name="LowProbability">Where in the resamples the interval begins; <paramref name="HighProbability"/>: where it ends.</param>
/// <param name="Percentile">The interval without bias correction and acceleration.</param>
/// <param name="FewBlocks">Whether there are fewer than ten blocks, too few for such an interval to be trusted.</param>
public sealed record BcaBootstrap(
    double Value, int Resamples, int Below, int Equal, double Bias, double Acceleration, double LowProbability, double HighProbability, Interval Interval,
    Interval Percentile, bool FewBlocks)
{
    /// <summary>Six blocks have 46,656 resamples.</summary>
    const int MostEnumeratedBlocks = 6;

    const int EnoughBlocks = 10;

    /// <param name="blocks">Two or more.</param>
    /// <param name="figure">Of an array of blocks, which it neither changes nor keeps.</param>
    public static BcaBootstrap Of<T>(ReadOnlySpan<T> blocks, Func<T[], double> figure, double level = 0.95, int resamples = 10_000, ulong seed = 0)
    {
        if (blocks.Length < 2)
            throw new ArgumentException($"A bootstrap takes two blocks or more, not {blocks.Length}.", nameof(blocks));
        double value = figure(blocks.ToArray());
        double[] figures = blocks.Length <= MostEnumeratedBlocks ? All(blocks, figure) : Sample(blocks, figure, resamples, seed);
        double tolerance = Descriptive.TiePart * Math.Max(Math.Abs(value), Descriptive.Magnitude(figures));
        int below = 0, equal = 0;
        foreach (double each in figures)
        {
            if (Math.Abs(each - value) <= tolerance)
                equal++;
            else if (each < value)
                below++;
        }

        // A figure beyond all resamples is held to be beyond one half of one more, so that z0 stays finite.
        double part = Math.Clamp((below + equal / 2.0) / figures.Length, 0.5 / (figures.Length + 1), 1 - 0.5 / (figures.Length + 1));
        double bias = NormalDistribution.Quantile(part), acceleration = Accelerate(blocks, figure);
        double z = NormalDistribution.Critical(level), low = Probability(bias - z), high = Probability(bias + z);
        Array.Sort(figures);
        Interval percentile = Between((1 - level) / 2, (1 + level) / 2);
        return new BcaBootstrap(
            value, figures.Length, below, equal, bias, acceleration, low, high, Between(low, high), percentile, blocks.Length < EnoughBlocks);

        double Probability(double shifted) => NormalDistribution.Cdf(bias + shifted / (1 - acceleration * shifted));

        Interval Between(double from, double to) => new(Descriptive.SortedQuantile(figures, from), Descriptive.SortedQuantile(figures, to), level);
    }

    static double[] All<T>(ReadOnlySpan<T> blocks, Func<T[], double> figure)
    {
        int count = 1;
        for (int i = 0; i < blocks.Length; i++)
            count *= blocks.Length;
        double[] figures = new double[count];
        T[] drawn = new T[blocks.Length];
        for (int i = 0; i < count; i++)
        {
            for (int place = 0, rest = i; place < drawn.Length; place++, rest /= blocks.Length)
                drawn[place] = blocks[rest % blocks.Length];
            figures[i] = figure(drawn);
        }

        return figures;
    }

    static double[] Sample<T>(ReadOnlySpan<T> blocks, Func<T[], double> figure, int count, ulong seed)
    {
        SeededRandom random = new(seed);
        double[] figures = new double[count];
        T[] drawn = new T[blocks.Length];
        for (int i = 0; i < count; i++)
        {
            for (int place = 0; place < drawn.Length; place++)
                drawn[place] = blocks[random.Below(blocks.Length)];
            figures[i] = figure(drawn);
        }

        return figures;
    }

    /// <summary>a = Σ(θ̄ − θ_i)³ / (6 (Σ(θ̄ − θ_i)²)^1.5) over the figures θ_i without block i; 0 where none changes it.</summary>
    static double Accelerate<T>(ReadOnlySpan<T> blocks, Func<T[], double> figure)
    {
        double[] without = new double[blocks.Length];
        for (int i = 0; i < without.Length; i++)
            without[i] = figure([.. blocks[..i], .. blocks[(i + 1)..]]);
        double mean = Descriptive.Mean(without), squares = 0, cubes = 0;
        foreach (double each in without)
        {
            double away = mean - each;
            squares += away * away;
            cubes += away * away * away;
        }

        return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }
}
