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

    [Fact]
    public void An_axis_has_round_marks_within_it()
    {
        Axis axis = Axis.Around([0.93, 1.17], 0, 100);
        Assert.Equal([0.95, 1.0, 1.05, 1.1, 1.15], axis.Marks(6).Select(mark => Math.Round(mark, 9)));
        Assert.Equal(0, axis.At(axis.Low));
        Assert.Equal(100, axis.At(axis.High));
    }
}
