using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>One figure of a sample, for exports and pictures.</summary>
/// <param name="Name">As the metric that is made from it, where there is one.</param>
/// <param name="Of">Null where the sample has it not.</param>
sealed record SampleFigure(string Name, string Unit, Func<Sample, double?> Of)
{
    public static ImmutableArray<SampleFigure> All { get; } =
    [
        new("host.used_free", "B", sample => sample.Host.UsedFree),
        new("host.used_available", "B", sample => sample.Host.UsedAvailable),
        new("host.anonymous", "B", sample => sample.Host.Anonymous),
        new("host.file_cache", "B", sample => sample.Host.FileCache),
        new("host.shared", "B", sample => sample.Host.Shared),
        new("host.swap_cache", "B", sample => sample.Host.SwapCache),
        new("host.kernel", "B", sample => sample.Host.Kernel),
        new("host.huge_pages", "B", sample => sample.Host.HugePages),
        new("host.processor_lists", "B", sample => sample.Host.ProcessorLists),
        new("host.residual", "B", sample => sample.Host.Residual),
        new("memory.current", "B", sample => sample.Work?.Current),
        new("memory.anonymous", "B", sample => sample.Work?.Anonymous),
        new("memory.file", "B", sample => sample.Work?.File),
        new("memory.shared", "B", sample => sample.Work?.Shared),
        new("memory.kernel", "B", sample => sample.Work?.Kernel),
        new("memory.proportional", "B", sample => sample.ProportionalSet),
    ];
}
