namespace Decant.Cli.Tests;

public sealed class TransferRateTests
{
    [Fact]
    public void Nothing_is_said_before_anything_is_known()
    {
        TransferRate rate = new();
        Assert.Equal(0, rate.BytesPerSecond);
        Assert.Null(rate.TimeUntil(100));
        rate.Add(TimeSpan.FromSeconds(1), 0);
        Assert.Null(rate.TimeUntil(100));
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        TransferRate rate = new();
        for (int second = 0; second <= 20; second++)
            rate.Add(TimeSpan.FromSeconds(second), second <= 10 ? 1000 * second : 10000 + (10 * (second - 10)));
        Assert.Equal(10, rate.BytesPerSecond, 3);
        Assert.Equal(TimeSpan.FromSeconds(5), rate.TimeUntil(10150));
        Assert.Equal(TimeSpan.Zero, rate.TimeUntil(10100));
    }

    [Fact]
    public void A_standstill_promises_nothing()
    {
        TransferRate rate = new();
        rate.Add(TimeSpan.FromSeconds(0), 500);
        rate.Add(TimeSpan.FromSeconds(9), 500);
        Assert.Null(rate.TimeUntil(1000));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.2, "1 s")]
    [InlineData(89, "89 s")]
    [InlineData(95, "2 min")]
    [InlineData(3600, "60 min")]
    [InlineData(9000, "2 h 30 min")]
    public void Times_are_short(double seconds, string text) => Assert.Equal(text, TransferRate.Format(TimeSpan.FromSeconds(seconds)));
}
