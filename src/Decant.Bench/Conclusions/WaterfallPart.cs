using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>One named part of a difference in memory, in bytes; negative where the subject has less.</summary>
public sealed record WaterfallPart(string Name, double Bytes)
{
    /// <summary>The files that make it, as far as they are known, the largest first; empty where it is not page cache.</summary>
    public ImmutableArray<WaterfallFile> Files { get; init; } = [];
}
