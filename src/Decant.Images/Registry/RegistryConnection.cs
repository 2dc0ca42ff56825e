using Decant.Linux;

namespace Decant.Images;

/// <summary>Everything that is open while an image is pulled: the registry and its mirrors, their connections, the downloads.</summary>
sealed class RegistryConnection : IDisposable
{
    readonly IgnoredBrokenPipes guard = new();
    readonly RegistryTransport transport;

    public RegistryConnection(RegistryReference reference, RegistrySettings settings, ImageLimits limits)
    {
        transport = new RegistryTransport(settings, limits);
        CredentialFiles credentials = new(CallerEnvironment.Get);
        List<RegistryClient> clients = [];
        // As login and the configuration write it.
        string own = RegistryReference.CheckHost(reference.Host);
        foreach (string mirror in settings.Of(own).Mirrors)
        {
            int slash = mirror.IndexOf('/');
            string host = slash < 0 ? mirror : mirror[..slash];
            clients.Add(Client(host, slash < 0 ? reference.Repository : $"{mirror[(slash + 1)..]}/{reference.Repository}"));
        }

        clients.Add(Client(own, reference.Repository));
        Clients = clients;

        RegistryClient Client(string host, string repository) => new(transport, host, repository, () => credentials.Find(host, repository, settings.Notify));
    }

    /// <summary>The mirrors in their order, then the registry.</summary>
    public IReadOnlyList<RegistryClient> Clients { get; }

    public LayerDownloads? Downloads { get; set; }

    public void Dispose()
    {
        Downloads?.Dispose();
        foreach (RegistryClient client in Clients)
            client.Dispose();
        transport.Dispose();
        guard.Dispose();
    }
}
