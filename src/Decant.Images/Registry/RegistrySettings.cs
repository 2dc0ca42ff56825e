namespace Decant.Images;

/// <summary>What the user says about registries: the configuration file's part.</summary>
public sealed record RegistrySettings
{
    /// <summary>By host, as <see cref="RegistryReference.CheckHost"/> writes it.</summary>
    public IReadOnlyDictionary<string, RegistryHostSettings> Hosts { get; init; } = new Dictionary<string, RegistryHostSettings>();

    /// <summary>Blobs fetched at once.</summary>
    public int ParallelDownloads { get; init; } = 3;

    /// <summary>A connection that brings nothing for so long is broken off and made anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Hears of what is tried again, until a pull's own progress does.</summary>
    public Action<string> Notify { get; init; } = _ => { };

    internal RegistryHostSettings Of(string host) => Hosts.GetValueOrDefault(host) ?? RegistryHostSettings.Default;
}
