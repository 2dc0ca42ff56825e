namespace Decant.Bench;

/// <summary>A value with the interval that belongs to it, in one unit.</summary>
public readonly record struct Estimate(double Value, Interval Interval)
{
    /// <summary>The estimate of a ratio from that of its logarithm.</summary>
    public Estimate Exp() => new(Math.Exp(Value), Interval.Exp());
}
