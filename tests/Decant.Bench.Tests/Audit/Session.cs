using System.Collections.Immutable;

namespace Decant.Bench.Tests;

/// <summary>Sessions that are made up: two arms in turn, or one after the other, with values from a seed.</summary>
static class Session
{
    public static readonly Metric Wall = new("wall", "s", Direction.LowerIsBetter, "Wall-clock time.");

    public static readonly Metric Memory = new("memory.peak", "B", Direction.LowerIsBetter, "Peak memory.");

    public static BenchResult Interleaved(ulong seed, int blocks = 20, double slower = 1)
    {
        int[][] orders = BlockOrder.Of(2, blocks, seed);
        return Of(seed, [.. orders.SelectMany((order, block) => order.Select(arm => ((int?)block, arm)))], slower);
    }

    public static BenchResult Blocked(ulong seed, int trials = 20) =>
        Of(seed, [.. Enumerable.Range(0, 2 * trials).Select(i => ((int?)null, i / trials))]);

    static BenchResult Of(ulong seed, (int? Block, int Arm)[] order, double slower = 1)
    {
        Noise noise = new(seed + 1);
        DateTimeOffset start = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);
        double[] walls = [.. order.Select(place => (place.Arm == 0 ? 10 : 10 * slower) * (1 + 0.01 * noise.Next()))];
        return new BenchResult
        {
            Title = "made up",
            Source = "a test",
            Metrics = [Wall, Memory],
            Environments = [.. ((string[])["native", "docker"]).Select(name => new ResultEnvironment(name, name, name, ImmutableSortedDictionary<string, string>.Empty))],
            Questions = [new Question("wall", "docker", "native", EquivalenceMargin.Percent(1))],
            Trials =
            [
                .. order.Select((place, i) => new Trial
                {
                    Number = i, Block = place.Block, Environment = place.Arm == 0 ? "native" : "docker", Started = start + TimeSpan.FromSeconds(50 * i + walls.Take(i).Sum() + 0.1 * noise.Next()),
                    Values = ImmutableSortedDictionary<string, double>.Empty
                        .Add("wall", walls[i]).Add("memory.peak", (1 << 30) * (1 + 0.02 * noise.Next())),
                }),
            ],
        };
    }

    /// <summary>The same with each trial changed.</summary>
    public static BenchResult Each(this BenchResult result, Func<Trial, Trial> change) => result with { Trials = [.. result.Trials.Select(change)] };

    public static Trial With(this Trial trial, string metric, double value) => trial with { Values = trial.Values.SetItem(metric, value) };
}
