namespace Decant.Images;

/// <summary>One reason of a refusal.</summary>
sealed record RegistryErrorDocument
{
    public string? Code { get; init; }
    public string? Message { get; init; }
}
