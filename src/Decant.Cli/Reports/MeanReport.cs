using Decant.Bench;

namespace Decant.Cli;

/// <summary>A mean with its interval and the standard deviation, in the metric's unit.</summary>
sealed record MeanReport(double Mean, double StandardDeviation, double Low, double High, int Count)
{
    public static MeanReport Of(TTest mean, double deviation) => new(mean.Difference, deviation, mean.Interval.Low, mean.Interval.High, (int)mean.Df + 1);
}
