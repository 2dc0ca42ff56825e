namespace Decant.Images;

/// <summary>One thing that a check of the store found.</summary>
/// <param name="Subject">The blob, layer, name or file.</param>
/// <param name="Text">What is wrong with it.</param>
public sealed record StoreFinding(StoreFindingKind Kind, string Subject, string Text)
{
    /// <summary>Names of the images that have it.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Single differences of a tree, each with its path.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>What was done about it; null where nothing was.</summary>
    public string? Done { get; init; }

    /// <summary>What the user can do; null where nothing is left to do.</summary>
    public string? Fix { get; init; }

    /// <summary>It is damage, and not something that the next change of the store clears away.</summary>
    public bool IsProblem => Kind < StoreFindingKind.IndexBehind;

    /// <summary>A stable identifier of the kind: blob-missing, layer-damaged and so on.</summary>
    public string Id => Kind switch
    {
        StoreFindingKind.BlobMissing => "blob-missing",
        StoreFindingKind.BlobDamaged => "blob-damaged",
        StoreFindingKind.LayerMissing => "layer-missing",
        StoreFindingKind.LayerDamaged => "layer-damaged",
        StoreFindingKind.NameDamaged => "name-damaged",
        StoreFindingKind.RunDamaged => "run-damaged",
        StoreFindingKind.LayoutDamaged => "layout-damaged",
        StoreFindingKind.IndexBehind => "index-behind",
        StoreFindingKind.Unreferenced => "unreferenced",
        _ => "leftover",
    };
}
