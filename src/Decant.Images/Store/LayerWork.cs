namespace Decant.Images;

/// <summary>What a pull has to do for one layer. Paths are where things lie or are made now, before the pull's end puts them in their places.</summary>
/// <param name="Layer">Counted from 0, the lowest first.</param>
/// <param name="Place">For messages.</param>
sealed record LayerWork(int Layer, string Place)
{
    /// <summary>The blob, where the store has it or this pull has made it; else null, and the source has it.</summary>
    public required string? StoredBlob { get; init; }

    /// <summary>That blob may not be whole before the layers below are done.</summary>
    public required bool AwaitsLower { get; init; }

    /// <summary>The file that is to hold the source's blob.</summary>
    public required string? BlobCopy { get; init; }

    /// <summary>The directory to unpack into; null where the store has the layer.</summary>
    public required string? Directory { get; init; }

    /// <summary>The layers that it lies on, topmost first.</summary>
    public required IReadOnlyList<string> Below { get; init; }
}
