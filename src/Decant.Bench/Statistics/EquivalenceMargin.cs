namespace Decant.Bench;

/// <summary>
/// The differences that do not matter: ratios from 1/<see cref="High"/> to <see cref="High"/>. They reach equally far to both sides on the logarithmic
/// scale, so a verdict does not depend on which arm is the baseline.
/// </summary>
public readonly record struct EquivalenceMargin
{
    EquivalenceMargin(double high) => High = high;

    public double High { get; }

    public double Low => 1 / High;

    /// <summary>As an amount, where it is one and not a percentage: "256.0 MiB".</summary>
    public string? Amount { get; private init; }

    /// <summary>1 % is ratios from 1/1.01 to 1.01: the default for times and throughputs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public static EquivalenceMargin Percent(double percent) => percent > 0 && double.IsFinite(percent)
        ? new EquivalenceMargin(1 + percent / 100)
        : throw new ArgumentOutOfRangeException(nameof(percent), percent, "An equivalence margin is above 0 %.");

    /// <summary>At least an amount: 2 %, and of memory never less than 256 MiB, are <c>Percent(2).OrAmount(256 MiB, baseline)</c>.</summary>
    /// <param name="amount">In the unit of <paramref name="baseline"/>, a typical value of the baseline, which is above 0.</param>
    /// <param name="told">The amount in words.</param>
    public EquivalenceMargin OrAmount(double amount, double baseline, string told) =>
        1 + amount / BlockDifferences.Positive(baseline) is var high && high > High ? new EquivalenceMargin(high) { Amount = told } : this;
}
