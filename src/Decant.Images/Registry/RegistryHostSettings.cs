namespace Decant.Images;

/// <summary>What the user says about one registry.</summary>
public sealed record RegistryHostSettings
{
    internal static RegistryHostSettings Default { get; } = new();

    /// <summary>TLS without a look at the certificate, and plain HTTP where the registry does not speak TLS.</summary>
    public bool Insecure { get; init; }

    /// <summary>HOST[:PORT][/PREFIX] each, tried in order before the registry itself.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>A PEM file with certificates that are trusted beside the system's.</summary>
    public string? CaFile { get; init; }
}
