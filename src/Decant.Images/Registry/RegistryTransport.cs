using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// HTTP/1.1 to hosts, each by what the user says about it: whether its certificate is checked, and against which authorities.
/// Nothing is followed, sent along or tried again here.
/// </summary>
sealed class RegistryTransport(RegistrySettings settings, ImageLimits limits) : IDisposable
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<(bool Verified, string? CaFile, bool Proxied), HttpClient> clients = new();
    readonly ConcurrentDictionary<string, string> certificateProblems = new();
    readonly ConcurrentDictionary<string, bool> speaksTls = new();

    public RegistrySettings Settings => settings;

    public ImageLimits Limits => limits;

    /// <summary>An address of this machine itself: localhost, 127.0.0.0/8, ::1.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.DnsSafeHost, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    /// <summary>HOST or HOST:PORT as the configuration names it.</summary>
    public static string HostOf(Uri address) => address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}";

    /// <summary>Whether plain HTTP may be spoken with it.</summary>
    public bool MayBePlain(Uri address) => IsLoopback(address) || settings.Of(HostOf(address)).Insecure;

    /// <summary>Whether the host's end of the last handshake was TLS, whatever its certificate.</summary>
    public bool SpeaksTls(Uri address) => speaksTls.ContainsKey(address.IdnHost);

    /// <summary>The answer's head; its body is the caller's to read.</summary>
    /// <param name="request">To an absolute address.</param>
    /// <param name="caFile">Authorities of the registry that the request is made for.</param>
    /// <exception cref="RegistryException">No answer.</exception>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, string? caFile, CancellationToken stop)
    {
        Uri address = request.RequestUri!;
        string host = HostOf(address);
        HttpClient client = ClientFor(!settings.Of(host).Insecure, settings.Of(host).CaFile ?? caFile, !IsLoopback(address));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(settings.StallTimeout);
        try
        {
            request.Version = HttpVersion.Version11;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TryAddWithoutValidation("User-Agent", "decant");
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            // Either the framework's limit for connecting, or the one set here.
            throw limit.IsCancellationRequested ? RegistryFailure.Stalled(host, settings.StallTimeout) : RegistryFailure.Of(e, host, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw RegistryFailure.Of(e, host, certificateProblems.GetValueOrDefault(address.IdnHost));
        }
    }

    public void Dispose()
    {
        foreach (HttpClient client in clients.Values)
            client.Dispose();
    }

    HttpClient ClientFor(bool verified, string? caFile, bool proxied) => clients.GetOrAdd((verified, caFile, proxied), key =>
    {
        X509Certificate2Collection authorities = key.CaFile is null ? [] : ReadAuthorities(key.CaFile);
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleConnection,
            UseCookies = false,
            // A proxy of the environment (HTTPS_PROXY) does not reach this machine's own addresses.
            UseProxy = key.Proxied,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                RemoteCertificateValidationCallback = (sender, certificate, chain, errors) => Accept((SslStream)sender, certificate, chain, errors, key.Verified, authorities),
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    });

    bool Accept(SslStream connection, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, bool verified, X509Certificate2Collection authorities)
    {
        string host = connection.TargetHostName;
        speaksTls[host] = true;
        if (errors == SslPolicyErrors.None || !verified)
            return true;
        if (errors == SslPolicyErrors.RemoteCertificateChainErrors && authorities.Count > 0 && certificate is X509Certificate2 own && IsSignedBy(authorities, own, chain))
            return true;
        certificateProblems[host] = Describe(errors, chain, host);
        return false;
    }

    static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? sent)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        foreach (X509ChainElement element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(certificate);
    }

    static string Describe(SslPolicyErrors errors, X509Chain? chain, string host)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "it has no certificate";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is for another name than {host}";
        X509ChainStatusFlags flags = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
            flags |= status.Status;
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? "its certificate has run out, or is not valid yet"
            : $"its certificate is signed by no authority that this host trusts ({flags})";
    }

    static X509Certificate2Collection ReadAuthorities(string file)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DecantException($"{PathBytes.Printable(file)}: no certificates can be read from it", "name a PEM file: [registries.\"HOST\"] ca = \"FILE\"", e);
        }

        return authorities.Count > 0 ? authorities : throw new DecantException($"{PathBytes.Printable(file)}: it holds no certificate", "name a PEM file: [registries.\"HOST\"] ca = \"FILE\"");
    }
}
