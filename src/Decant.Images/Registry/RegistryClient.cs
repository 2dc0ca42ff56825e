using System.Net;
using System.Net.Http.Headers;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// The pull side of the distribution API for one repository of one registry. Authorization goes to the registry and to nobody
/// else; redirects are followed by hand for that.
/// </summary>
/// <param name="host">As the reference names the registry.</param>
/// <param name="repository">Null where only the credentials are to be proved.</param>
sealed class RegistryClient(RegistryTransport transport, string host, string? repository, Func<RegistryCredential?> findCredential) : IDisposable
{
    /// <summary>What is asked for when Docker Hub is meant.</summary>
    const string DockerHubServer = "registry-1.docker.io";

    const int MostRedirects = 5;

    static readonly string[] manifestTypes = [MediaTypes.Manifest, MediaTypes.Index, MediaTypes.DockerManifest, MediaTypes.DockerIndex];

    readonly RegistryAuthorization authorization = new(transport, host, repository, findCredential);
    readonly SemaphoreSlim gate = new(1);
    readonly string server = host == RegistryReference.DockerHub ? DockerHubServer : host;
    Uri? address;

    public string Host => host;

    /// <summary>A manifest or index by tag or digest: its bytes, and what the registry says that they are.</summary>
    public async Task<RegistryDocument> Manifest(string name, CancellationToken stop)
    {
        string what = $"manifest {repository}:{name}";
        using HttpResponseMessage response = await Get($"v2/{repository}/manifests/{name}", what, manifestTypes, 0, stop).ConfigureAwait(false);
        response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out HeaderStringValues digest);
        string? type = response.Content.Headers.ContentType?.MediaType;
        return new RegistryDocument(await Read(response, what, stop).ConfigureAwait(false), type, digest.Count == 0 ? null : digest.ToString());
    }

    /// <summary>A small blob, whole.</summary>
    public async Task<byte[]> Document(Digest digest, CancellationToken stop)
    {
        string what = $"blob {digest}";
        using HttpResponseMessage response = await Get($"v2/{repository}/blobs/{digest}", what, [], 0, stop).ConfigureAwait(false);
        return await Read(response, what, stop).ConfigureAwait(false);
    }

    /// <summary>A blob's answer from that byte on where the registry can do that; the status tells.</summary>
    public Task<HttpResponseMessage> Blob(Digest digest, long from, CancellationToken stop) => Get($"v2/{repository}/blobs/{digest}", $"blob {digest}", [], from, stop);

    /// <summary>The API's base: answers wherever the credentials are good.</summary>
    public async Task Ping(CancellationToken stop)
    {
        using HttpResponseMessage response = await Get("v2/", "/v2/, so it is no registry", [], 0, stop).ConfigureAwait(false);
    }

    public void Dispose()
    {
        authorization.Dispose();
        gate.Dispose();
    }

    async Task<HttpResponseMessage> Get(string path, string what, string[] accept, long from, CancellationToken stop)
    {
        Uri registry = await Address(stop).ConfigureAwait(false);
        Uri target = new(registry, path);
        for (bool renewed = false; ; renewed = true)
        {
            string? header = await authorization.Header(registry, stop).ConfigureAwait(false);
            (HttpResponseMessage response, Uri origin) = await Follow(target, accept, from, header, stop).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
                return response;
            using (response)
            {
                bool own = IsSameOrigin(origin, target);
                if (own && response.StatusCode == HttpStatusCode.Unauthorized)
                {
                    if (renewed)
                        throw authorization.Refused();
                    await authorization.Renew(header, Challenges(response), registry, stop).ConfigureAwait(false);
                    continue;
                }

                string answering = RegistryTransport.HostOf(origin);
                string body = await RegistryFailure.ErrorBody(response, answering, transport.Settings.StallTimeout, stop).ConfigureAwait(false);
                RegistryException failure = RegistryFailure.Of(response, answering, what, body);
                // The address of another host that a registry leads to is good for minutes only: the next try gets a new one.
                throw own || response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) ? failure
                    : new RegistryException(failure.Message, inner: failure) { Transient = true, Status = failure.Status };
            }
        }
    }

    /// <summary>The answer at the end of redirects, and where it came from.</summary>
    async Task<(HttpResponseMessage Response, Uri From)> Follow(Uri target, string[] accept, long from, string? header, CancellationToken stop)
    {
        Uri at = target;
        for (int redirects = 0; ; redirects++)
        {
            HttpRequestMessage request = new(HttpMethod.Get, at);
            foreach (string type in accept)
                request.Headers.TryAddWithoutValidation("Accept", type);
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            if (header is not null && IsSameOrigin(at, target))
                request.Headers.TryAddWithoutValidation("Authorization", header);
            HttpResponseMessage response = await transport.Send(request, transport.Settings.Of(host).CaFile, stop).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return (response, at);
            using (response)
                at = Next(at, response, redirects);
        }
    }

    Uri Next(Uri at, HttpResponseMessage response, int redirects)
    {
        if (redirects == MostRedirects)
            throw new RegistryException($"{host} redirects more than {MostRedirects} times");
        // As text: the framework takes a path that begins with a slash for a file of this host.
        if (!response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues locations) || !Uri.TryCreate(at, locations.ToString(), out Uri? next))
            throw new RegistryException($"{host} redirects without saying where to");
        if (next.Scheme is not ("https" or "http"))
            throw new RegistryException($"{host} redirects to {PathBytes.Printable(next.Scheme)}:, which is not HTTP");
        if (next.Scheme == "http" && !(at.Scheme == "http" && transport.MayBePlain(next)))
            throw new RegistryException($"{host} redirects to plain HTTP on {RegistryTransport.HostOf(next)}, where anybody on the way could change the image",
                $"allow it for that host: [registries.\"{RegistryTransport.HostOf(next)}\"] insecure = true (docs/configuration.md)");
        return next;
    }

    /// <summary>
    /// Where the registry is: TLS, always. With a host that may do without (this machine, and those that the configuration calls
    /// insecure) TLS is tried first, and plain HTTP where the other end does not speak it.
    /// </summary>
    async Task<Uri> Address(CancellationToken stop)
    {
        await gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (address is not null)
                return address;
            Uri secure = new($"https://{server}/");
            // The insecure host is the one with the port that was written, and https's own port is not shown.
            if (!transport.MayBePlain(secure) || await AnswersTls(secure, stop).ConfigureAwait(false))
                return address = secure;
            return address = new Uri($"http://{server}/");
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<bool> AnswersTls(Uri secure, CancellationToken stop)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(secure, "v2/"));
            using HttpResponseMessage response = await transport.Send(request, transport.Settings.Of(host).CaFile, stop).ConfigureAwait(false);
            return true;
        }
        // A refused connection with no port given: http's own port may answer.
        catch (RegistryException e) when (!transport.SpeaksTls(secure) && (e.NotTls || !e.Unreachable || secure.IsDefaultPort))
        {
            return false;
        }
    }

    async Task<byte[]> Read(HttpResponseMessage response, string what, CancellationToken stop)
    {
        long? length = response.Content.Headers.ContentLength;
        long most = transport.Limits.Document;
        if (length > most)
            throw TooLong($"{length}");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(transport.Settings.StallTimeout);
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            using MemoryStream bytes = new();
            byte[] buffer = new byte[32 * 1024];
            while (await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false) is int read and > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > most)
                    throw TooLong("more");
                limit.CancelAfter(transport.Settings.StallTimeout);
            }

            return bytes.ToArray();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw RegistryFailure.Stalled(host, transport.Settings.StallTimeout);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryFailure.Of(e, host, null);
        }

        RegistryException TooLong(string size) => new($"{host}: {what} has {size} bytes; at most {most} are read", ImageLimits.Raise("document"));
    }

    static List<AuthChallenge> Challenges(HttpResponseMessage response)
    {
        List<AuthChallenge> challenges = [];
        if (response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values))
        {
            foreach (string value in values)
                challenges.AddRange(AuthChallenge.Parse(value));
        }

        return challenges;
    }

    static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.IdnHost == b.IdnHost && a.Port == b.Port;
}
