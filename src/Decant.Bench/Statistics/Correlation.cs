namespace Decant.Bench;

/// <summary>How far two series go together: a metric with the order of its trials, a temperature, a clock rate, or with itself one trial later.</summary>
public static class Correlation
{
    /// <summary>Spearman's ρ, that of the midranks; 0 where one series does not vary.</summary>
    /// <exception cref="ArgumentException">The series differ in length, or have fewer than two values.</exception>
    public static double Spearman(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"Two series correlate value by value: {first.Length} values cannot stand beside {second.Length}.", nameof(second));
        Descriptive.AtLeast(first, 2);
        Descriptive.AtLeast(second, 2);
        double[] x = Midranks.Of(first, Descriptive.TiePart * Descriptive.Magnitude(first)).Ranks;
        double[] y = Midranks.Of(second, Descriptive.TiePart * Descriptive.Magnitude(second)).Ranks;
        double mean = (x.Length + 1) / 2.0, squaresX = 0, squaresY = 0, products = 0;
        for (int i = 0; i < x.Length; i++)
        {
            squaresX += (x[i] - mean) * (x[i] - mean);
            squaresY += (y[i] - mean) * (y[i] - mean);
            products += (x[i] - mean) * (y[i] - mean);
        }

        return squaresX == 0 || squaresY == 0 ? 0 : products / Math.Sqrt(squaresX * squaresY);
    }

    /// <summary>The autocorrelation of neighbours, r1 = Σ(x_i − x̄)(x_(i+1) − x̄) / Σ(x_i − x̄)²; 0 where nothing varies.</summary>
    public static double Lag1(ReadOnlySpan<double> values)
    {
        double mean = Descriptive.Mean(values), products = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            squares += (values[i] - mean) * (values[i] - mean);
            products += i + 1 < values.Length ? (values[i] - mean) * (values[i + 1] - mean) : 0;
        }

        return squares == 0 ? 0 : products / squares;
    }
}
