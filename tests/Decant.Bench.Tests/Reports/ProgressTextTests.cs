using System.Collections.Immutable;

namespace Decant.Bench.Tests;

public sealed class ProgressTextTests
{
    static readonly BenchProgress Progress = new(3, 10, 5, 20, "docker", "trial", TimeSpan.FromSeconds(80), () => throw new InvalidOperationException());

    [Fact]
    public void A_line_tells_what_is_measured_and_what_is_left_in_as_many_words_as_there_is_room_for()
    {
        Assert.Equal("block 3 of 10, trial 6 of 20: docker, at most 1 min 20 s left", ProgressText.Line(Progress, 99));
        Assert.Equal("block 3/10: docker, 1 min 20 s", ProgressText.Line(Progress, 40));
        Assert.Equal("block 3 of 10, trial 6 of 20: docker (prime)", ProgressText.Line(Progress with { Phase = "prime", Left = null }, 99));
        Assert.Equal("block 3/10: d", ProgressText.Line(Progress, 13));
    }

    static BenchResult Blocks(int blocks) => Session.Interleaved(3, blocks, slower: 1.5) is var result
        ? result with { Metrics = [Session.Wall], Trials = [.. result.Trials.Select(trial => trial with { Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", trial.Environment == "native" ? 1 : 1.5 + 0.001 * trial.Block!.Value) })] }
        : throw new InvalidOperationException();

    [Fact]
    public void A_table_tells_how_the_environments_stand() => Assert.Equal(
        [
            "        trials     wall     ratio           interval",
            "native       6  1.000 s  baseline",
            "docker       6  1.503 s   +50.2 %  +50.0 % … +50.5 %",
        ],
        ProgressText.Table(Blocks(6), 99));

    [Fact]
    public void A_trial_that_failed_is_counted_apart_and_few_blocks_have_no_interval()
    {
        BenchResult result = Blocks(4).Each(trial => trial is { Block: 3, Environment: "docker" } ? trial with { Failure = "it ended with code 1" } : trial);
        Assert.Equal(
            [
                "        trials  failed     wall     ratio  interval",
                "native       4       0  1.000 s  baseline",
                "docker       3       1  1.501 s   +50.1 %",
            ],
            ProgressText.Table(result, 99));
    }

    [Fact]
    public void In_a_narrow_terminal_the_last_columns_are_left_out_and_names_are_cut()
    {
        BenchResult result = Blocks(6);
        result = result with { Environments = [result.Environments[0], result.Environments[1] with { Name = "a docker with a long name" }] };
        result = result.Each(trial => trial.Environment == "docker" ? trial with { Environment = "a docker with a long name" } : trial);
        Assert.Equal("a docker with a long name       6  1.503 s   +50.2 %  +50.0 % … +50.5 %", ProgressText.Table(result, 99)[2]);
        Assert.Equal("a docker with a l…       6  1.503 s   +50.2 %", ProgressText.Table(result, 45)[2]);
        Assert.Equal("a docker wit…       6  1.503 s", ProgressText.Table(result, 30)[2]);
        for (int width = 1; width < 90; width++)
            Assert.All(ProgressText.Table(result, width), line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Before_the_first_trial_there_is_no_table_and_one_environment_alone_has_no_ratio()
    {
        Assert.Empty(ProgressText.Table(Blocks(6) with { Trials = [] }, 99));
        BenchResult one = Blocks(6);
        Assert.Equal(["        trials     wall", "native       6  1.000 s"], ProgressText.Table(one with { Environments = [one.Environments[0]] }, 99));
    }
}
