namespace Decant.Images;

/// <summary>What a collection of garbage did, or would do.</summary>
public sealed record GarbageReport
{
    /// <summary>A pull or a removal was under way, so nothing was looked at: its own end collects.</summary>
    public bool Busy { get; init; }

    public IReadOnlyList<GarbageItem> Removed { get; init; } = [];

    /// <summary>Layers that nothing refers to but a running program stands on; a later collection takes them.</summary>
    public IReadOnlyList<GarbageItem> InUse { get; init; } = [];

    public long Bytes => Removed.Sum(item => item.Bytes);
}
