using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What each block says of two arms: one number a block, the arms' difference or the logarithm of their ratio.</summary>
public sealed class BlockDifferences
{
    BlockDifferences(ImmutableArray<double> values, double tolerance)
    {
        Values = values;
        Tolerance = tolerance;
    }

    /// <summary>In the order of the blocks.</summary>
    public ImmutableArray<double> Values { get; }

    public int Count => Values.Length;

    /// <summary>Differences that lie no further apart are tied: 0.19 is also 0.1900000000000013 where it comes from 10.31 − 10.12.</summary>
    internal double Tolerance { get; }

    /// <summary>ln(subject/baseline) of each block.</summary>
    /// <exception cref="ArgumentException">The arms differ in length, are empty, or hold a value that is not above zero.</exception>
    public static BlockDifferences LogRatios(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline)
    {
        double[] values = new double[Paired(subject, baseline)];
        for (int i = 0; i < values.Length; i++)
            values[i] = Math.Log(Positive(subject[i]) / Positive(baseline[i]));
        // A ratio is exact to a few 1e-16, and so is its logarithm, however small it is.
        return new BlockDifferences([.. values], Descriptive.TiePart);
    }

    /// <summary>subject − baseline of each block, in the unit of both.</summary>
    /// <exception cref="ArgumentException">The arms differ in length or are empty.</exception>
    public static BlockDifferences Raw(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline)
    {
        double[] values = new double[Paired(subject, baseline)];
        for (int i = 0; i < values.Length; i++)
            values[i] = subject[i] - baseline[i];
        return new BlockDifferences([.. values], Descriptive.TiePart * Math.Max(Descriptive.Magnitude(subject), Descriptive.Magnitude(baseline)));
    }

    /// <summary>All of them less one number: what is left when that is held to be the true difference.</summary>
    public BlockDifferences Less(double difference) => new([.. Values.Select(value => value - difference)], Tolerance);

    /// <summary>Without the blocks of these indices.</summary>
    public BlockDifferences Without(IReadOnlyCollection<int> blocks) =>
        new([.. Values.Where((_, block) => !blocks.Contains(block))], Tolerance);

    internal static double Positive(double value) =>
        value > 0 ? value : throw new ArgumentException($"A ratio takes values above zero, not {value}.", nameof(value));

    static int Paired(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline)
    {
        if (subject.Length != baseline.Length)
            throw new ArgumentException($"Each block has both arms: {subject.Length} values cannot stand beside {baseline.Length}.", nameof(baseline));
        Descriptive.AtLeast(subject, 1);
        Descriptive.AtLeast(baseline, 1);
        return subject.Length;
    }
}
