namespace Decant.Images;

/// <summary>A name of the store that is being checked, with what its manifest and configuration say.</summary>
/// <param name="File">Of refs/.</param>
/// <param name="Record">What the file says.</param>
/// <param name="Image">From the store's own blobs.</param>
sealed record CheckedImage(string File, ImageRecord Record, SourceImage Image)
{
    public IReadOnlyList<Digest> Chain { get; } = ChainId.Of(Image.Config.DiffIds);

    /// <summary>Something that cannot be made anew is gone.</summary>
    public bool Lost { get; set; }
}
