namespace Decant.Bench.Tests;

static class Near
{
    /// <summary>To nine digits, as the golden values are to be met.</summary>
    public static void Golden(double expected, double actual) => Relative(expected, actual, 1e-9);

    public static void Relative(double expected, double actual, double part)
    {
        if (!(Math.Abs(expected - actual) <= part * Math.Abs(expected) + 1e-15))
            Assert.Fail($"expected {expected:R}, not {actual:R}");
    }

    public static void Golden((double Low, double High) expected, Interval actual)
    {
        Golden(expected.Low, actual.Low);
        Golden(expected.High, actual.High);
    }
}
