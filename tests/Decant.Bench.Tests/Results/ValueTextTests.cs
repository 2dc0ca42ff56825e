namespace Decant.Bench.Tests;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData(0.01234, "s", "12.34 ms")]
    [InlineData(1.5, "s", "1.500 s")]
    [InlineData(0, "s", "0 s")]
    [InlineData(1.5e-6, "s", "1.500 µs")]
    [InlineData(1536, "B", "1.500 KiB")]
    [InlineData(3221225472, "B", "3.000 GiB")]
    [InlineData(119.79, "tokens/s", "119.8 tokens/s")]
    [InlineData(3, "", "3.000")]
    public void A_value_has_four_digits_and_the_multiple_that_suits_it(double value, string unit, string text) => Assert.Equal(text, ValueText.Of(value, unit));

    [Theory]
    [InlineData(1.0123, "+1.23 %")]
    [InlineData(0.5, "−50.0 %")]
    [InlineData(13.81, "13.8 ×")]
    [InlineData(0.1, "0.10 ×")]
    public void A_ratio_is_percent_or_a_multiple(double ratio, string text) => Assert.Equal(text, ValueText.Ratio(ratio));

    [Theory]
    [InlineData(2.938, 2.17, 4.01, "2.94 × 2.17 × 4.01 ×")]
    [InlineData(1.02, 0.99, 1.05, "+2.00 % −1.00 % +5.00 %")]
    public void A_ratio_and_its_interval_are_told_in_one_way(double ratio, double low, double high, string text) =>
        Assert.Equal(text, ValueText.Ratios(new Estimate(ratio, new Interval(low, high, 0.95))) is var (value, from, to) ? $"{value} {from} {to}" : "");

    [Theory]
    [InlineData(-0.25, "s", "−250.0 ms")]
    [InlineData(1L << 41, "B", "2.000 TiB")]
    [InlineData(0, "B", "0 B")]
    [InlineData(-1536, "B", "−1.500 KiB")]
    public void A_value_below_zero_or_of_any_size_has_its_multiple_too(double value, string unit, string text) => Assert.Equal(text, ValueText.Of(value, unit));

    [Fact]
    public void A_difference_has_its_sign_and_values_of_one_metric_make_a_sentence()
    {
        Assert.Equal("+1.000 MiB", ValueText.Difference(1 << 20, "B"));
        Assert.Equal("−1.000 MiB", ValueText.Difference(-(1 << 20), "B"));
        Assert.Equal("1.000 s, 2.000 s and 3.000 s", ValueText.Of([1, 2, 3], new Metric("wall", "s", Direction.LowerIsBetter, "")));
        Assert.Equal(("MiB", 1 << 20), ValueText.ByteMultiple(-5 << 20));
    }
}
