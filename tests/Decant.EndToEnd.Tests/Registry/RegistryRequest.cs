namespace Decant.EndToEnd.Tests.Registry;

/// <summary>What a client asked of a <see cref="HostileRegistry"/>.</summary>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Headers">By name, whatever the case.</param>
public sealed record RegistryRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public bool IsBlob => Target.Contains("/blobs/");

    public bool IsManifest => Target.Contains("/manifests/");
}
