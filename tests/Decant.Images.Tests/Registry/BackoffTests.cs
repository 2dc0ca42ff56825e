using CsCheck;

namespace Decant.Images.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Each_wait_is_about_twice_the_one_before_until_it_is_time_to_give_up() =>
        Gen.Int.Sample(seed =>
        {
            Backoff backoff = new(new Random(seed));
            double full = 0.5;
            for (int failure = 1; failure < Backoff.MostTries; failure++, full *= 2)
                Assert.InRange(backoff.Next(null)!.Value.TotalSeconds, full / 2, full);
            Assert.Null(backoff.Next(null));
        });

    [Fact]
    public void The_server_is_left_alone_for_as_long_as_it_asks()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), new Backoff(new Random(1)).Next(TimeSpan.FromSeconds(7)));
        Assert.True(new Backoff(new Random(1)).Next(TimeSpan.FromMilliseconds(1)) > TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void Nobody_waits_longer_than_the_limit()
    {
        Backoff backoff = new(new Random(1));
        Assert.Null(backoff.Next(Backoff.MostWaiting + TimeSpan.FromSeconds(1)));
        Assert.NotNull(backoff.Next(Backoff.MostWaiting - TimeSpan.FromSeconds(1)));
        Assert.Null(backoff.Next(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_try_that_brings_something_starts_the_count_anew_but_not_the_clock()
    {
        Backoff backoff = new(new Random(1));
        TimeSpan waited = TimeSpan.Zero;
        int tries = 0;
        while (backoff.Next(TimeSpan.FromSeconds(30)) is { } wait)
        {
            waited += wait;
            tries++;
            backoff.Succeeded();
        }

        Assert.Equal(20, tries);
        Assert.Equal(Backoff.MostWaiting, waited);
    }
}
