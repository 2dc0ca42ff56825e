namespace Decant.Images;

/// <summary>Anything but a directory; hard links of one file share one of these.</summary>
sealed class ModelFile(long entry, ModelDirectory parent, string name) : ModelNode
{
    /// <summary>Its number in the archive.</summary>
    public long Entry { get; } = entry;

    /// <summary>With <see cref="Name"/>, where the tree's file is compared with the entry: the entry's own place, as long as it has it.</summary>
    public ModelDirectory Parent { get; set; } = parent;

    public string Name { get; set; } = name;

    /// <summary>Of a symbolic link.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>The file of a layer below that this is a hard link to.</summary>
    public string? LowerPath { get; init; }

    /// <summary>How the tree's file differs from the entry; null where it does not.</summary>
    public string? Difference { get; set; }

    /// <summary>It is still at the place where it was compared.</summary>
    public bool Placed { get; set; }
}
