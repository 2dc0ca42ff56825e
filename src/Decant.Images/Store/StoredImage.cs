using System.Collections.Immutable;
namespace Decant.Images;

/// <summary>An image in the store, under one of its names.</summary>
public sealed record StoredImage
{
    /// <summary>As given to <c>decant pull</c>, or the canonical text of a source that was run directly.</summary>
    public required string Name { get; init; }

    public required Descriptor Manifest { get; init; }
    public required Digest ConfigDigest { get; init; }
    public required Platform Platform { get; init; }
    public required ImageRunConfig Config { get; init; }

    /// <summary>Absolute directories …/layers/CHAINID/diff, the topmost first.</summary>
    public required ImmutableArray<string> Layers { get; init; }

    /// <summary>Bytes of all blobs, as stored.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>When the image was made, if its configuration says so.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The canonical text of what it was read from.</summary>
    public required string Source { get; init; }
}
