namespace Decant.Images;

/// <summary>The file oci-layout (image-spec image-layout.md).</summary>
sealed record LayoutDocument
{
    public string? ImageLayoutVersion { get; init; }
}
