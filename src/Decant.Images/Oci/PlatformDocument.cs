namespace Decant.Images;

/// <summary>The "platform" of a descriptor in an index.</summary>
sealed record PlatformDocument
{
    public string? Architecture { get; init; }
    public string? Os { get; init; }
    public string? Variant { get; init; }

    public static PlatformDocument From(Platform platform) =>
        new() { Architecture = platform.Architecture, Os = platform.Os, Variant = platform.Variant };
}
