namespace Decant.Images;

/// <summary>A manifest or an index as JSON has it, nothing checked yet: which of the two it is shows only after reading.</summary>
sealed record ManifestDocument
{
    public int SchemaVersion { get; init; }
    public string? MediaType { get; init; }
    public string? ArtifactType { get; init; }
    public DescriptorDocument? Config { get; init; }
    public List<DescriptorDocument?>? Layers { get; init; }
    public List<DescriptorDocument?>? Manifests { get; init; }
}
