namespace Decant.Images;

/// <summary>An image configuration as JSON has it (image-spec config.md), as far as decant uses it.</summary>
sealed record ConfigDocument
{
    public string? Created { get; init; }
    public string? Architecture { get; init; }
    public string? Os { get; init; }
    public string? Variant { get; init; }
    public RunConfigDocument? Config { get; init; }
    public RootFsDocument? Rootfs { get; init; }
}
