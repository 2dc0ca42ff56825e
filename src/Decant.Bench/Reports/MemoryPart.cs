using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>A part of memory in a stacked picture.</summary>
/// <param name="Style">The class of its colour on the page.</param>
/// <param name="Of">Bytes at a sample; null where the sample has it not.</param>
sealed record MemoryPart(string Name, string Style, Func<Sample, double?> Of)
{
    /// <summary>All memory of the machine that is not free, from what cannot be given back at the bottom to what can.</summary>
    public static ImmutableArray<MemoryPart> OfHost { get; } =
    [
        new("programs", "part0", sample => sample.Host.Anonymous),
        new("shared memory, tmpfs", "part1", sample => sample.Host.Shared),
        new("kernel", "part2", sample => sample.Host.Kernel),
        new("huge pages", "part3", sample => sample.Host.HugePages),
        new("unexplained", "part4", sample => Math.Max(0, sample.Host.Residual)),
        new("file cache", "part5", sample => sample.Host.FileCache + sample.Host.SwapCache),
        new("free, in processors' lists", "part6", sample => sample.Host.ProcessorLists),
    ];

    /// <summary>What is counted to the trial's cgroup.</summary>
    public static ImmutableArray<MemoryPart> OfTrial { get; } =
    [
        new("programs", "part0", sample => sample.Work?.Anonymous),
        new("shared memory, tmpfs", "part1", sample => sample.Work?.Shared),
        new("kernel", "part2", sample => sample.Work?.Kernel),
        new("unexplained", "part4", sample => sample.Work is { Anonymous: { } anonymous } work
            ? Math.Max(0, work.Current.GetValueOrDefault() - anonymous - work.File.GetValueOrDefault() - work.Shared.GetValueOrDefault() - work.Kernel.GetValueOrDefault()) : null),
        new("file cache", "part5", sample => sample.Work?.File),
    ];
}
