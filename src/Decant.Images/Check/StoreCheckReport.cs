namespace Decant.Images;

/// <summary>What a check of the store looked at, and what it found.</summary>
public sealed record StoreCheckReport
{
    public int Images { get; init; }
    public int Blobs { get; init; }
    public int Layers { get; init; }

    /// <summary>Of all blobs that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>Files of layers that their mode, or their directory's, forbids their owner to read: not compared, or in all but content.</summary>
    public long Unreadable { get; init; }

    public IReadOnlyList<StoreFinding> Findings { get; init; } = [];

    /// <summary>No damage is left, and nothing was lost in mending it.</summary>
    public bool IsClean => Findings.All(finding => !finding.IsProblem || (finding.Done is not null && finding.Fix is null));
}
