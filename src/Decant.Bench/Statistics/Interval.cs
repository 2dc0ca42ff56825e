namespace Decant.Bench;

/// <summary>A confidence interval, in the unit of what it is about.</summary>
/// <param name="Level">How often such an interval holds the true value: 0.95 as asked for, or, from an exact method, the level that it reaches.</param>
public readonly record struct Interval(double Low, double High, double Level)
{
    public double HalfWidth => (High - Low) / 2;

    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>The interval of a ratio from that of its logarithm.</summary>
    public Interval Exp() => new(Math.Exp(Low), Math.Exp(High), Level);
}
