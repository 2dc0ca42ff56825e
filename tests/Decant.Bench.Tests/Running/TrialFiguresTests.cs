using Decant.Launch.Running;
using Look = Decant.Bench.Sample;

namespace Decant.Bench.Tests;

public sealed class TrialFiguresTests
{
    static readonly TrialReadings Nothing = new(null, null, null, new EngineDaemons([], 0, null), new EngineDaemons([], 0, null));

    static Look At(double seconds, long used, long anonymous, bool running) => new(
        seconds, new HostMemory(1000, 1000 - used, 0, 0, 0, 0, 0, 0, 0),
        new CgroupReading(null, null, anonymous, null, null, null, null, null, null, null, null, null), null, null, running);

    static SortedDictionary<string, double> Told(SampleMoment moment, params Look[] samples) =>
        new TrialFigures(0, new ProgramEnd(0, null, 0, TimeSpan.Zero, TimeSpan.Zero), Nothing, Nothing, null, null, samples, moment).Values;

    [Fact]
    public void The_peak_is_the_sample_with_the_most_in_use() =>
        Assert.Equal((30, 3), (Told(SampleMoment.Peak, At(1, 10, 1, true), At(2, 30, 3, true), At(3, 20, 2, false)) is var told ? told["host.used_free"] : 0, told["host.program"]));

    [Fact]
    public void The_end_is_the_last_sample_that_the_program_was_there_for() =>
        Assert.Equal(25, Told(SampleMoment.End, At(1, 30, 1, true), At(2, 25, 3, true), At(3, 20, 2, false))["host.used_free"]);

    [Fact]
    public void A_last_sample_in_which_the_tree_had_begun_to_go_is_not_the_end() =>
        Assert.Equal(30, Told(SampleMoment.End, At(1, 30, 3, true), At(2, 25, 1, true), At(3, 20, 0, false))["host.used_free"]);

    [Fact]
    public void A_program_that_was_never_seen_has_its_last_sample() =>
        Assert.Equal(20, Told(SampleMoment.End, At(1, 30, 0, false), At(2, 20, 0, false))["host.used_free"]);

    [Fact]
    public void Without_samples_nothing_is_told_of_the_host() => Assert.DoesNotContain("host.used_free", Told(SampleMoment.Peak).Keys);
}
