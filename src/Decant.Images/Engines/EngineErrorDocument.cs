namespace Decant.Images;

/// <summary>What an engine's API answers where it fails.</summary>
sealed record EngineErrorDocument
{
    public string? Message { get; init; }
}
