namespace Decant.Images;

/// <summary>A file of an image that is no directory, whatever its names: the entry that made it, by layer and number.</summary>
sealed class ImageFile(int layer, long number, TarEntry? entry)
{
    public int Layer { get; } = layer;

    /// <summary>The entry's number in its layer.</summary>
    public long Number { get; } = number;

    /// <summary>Null for a regular file, whose entry is read again with its content.</summary>
    public TarEntry? Entry { get; } = entry;

    /// <summary>Paths from the root without a leading slash, in the order of their bytes; filled when the tree is whole.</summary>
    public List<string> Names { get; } = new(1);
}
