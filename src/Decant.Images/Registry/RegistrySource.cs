using Decant.Linux;

namespace Decant.Images;

/// <summary><c>docker://[HOST[:PORT]/]NAME[:TAG][@DIGEST]</c>: an image in a registry.</summary>
public sealed class RegistrySource : ImageSource
{
    readonly RegistryReference reference;
    readonly RegistrySettings settings;

    RegistrySource(RegistryReference reference, RegistrySettings settings)
        : base(reference.Text)
    {
        this.reference = reference;
        this.settings = settings;
    }

    /// <param name="rest">What follows "docker:".</param>
    internal static RegistrySource Of(string rest, RegistrySettings settings) => rest.StartsWith("//", StringComparison.Ordinal)
        ? new RegistrySource(RegistryReference.Parse(rest[2..]), settings)
        : throw new DecantException($"docker:{PathBytes.Printable(rest)}: two slashes are missing", $"write docker://{PathBytes.Printable(rest)}");

    /// <summary>As <c>docker run</c> has it: what is in the store is used without asking the registry; a pull asks.</summary>
    internal override string? Stamp() => "registry";

    internal override SourceImage Open(Platform platform, string scratch) => RegistryImage.Open(reference, settings, platform, Limits, scratch);
}
