namespace Decant.Bench.Tests;

/// <summary>Normal deviates from a seed, by Box and Muller's method.</summary>
sealed class Noise(ulong seed)
{
    readonly SeededRandom _random = new(seed);

    public double Next() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    public double[] Next(int count, double mean = 0, double deviation = 1)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = mean + deviation * Next();
        return values;
    }

    double Uniform() => (_random.Next() >> 11) * (1.0 / (1UL << 53));
}
