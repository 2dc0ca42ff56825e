namespace Decant.Images;

/// <summary>The body of a registry's refusal (distribution-spec, "Error Codes").</summary>
sealed record RegistryErrorsDocument
{
    public List<RegistryErrorDocument?>? Errors { get; init; }
}
