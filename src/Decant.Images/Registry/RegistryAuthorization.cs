using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// The Authorization header for one registry and repository: what its challenges ask for, from the credentials that there are.
/// Bearer tokens are renewed when they run out. Sources: RFC 7617, and distribution's token authentication specification.
/// </summary>
/// <param name="host">The registry.</param>
/// <param name="repository">What is to be pulled; null to prove the credentials alone.</param>
/// <param name="findCredential">Asked once, and only where the registry wants to know.</param>
sealed class RegistryAuthorization(RegistryTransport transport, string host, string? repository, Func<RegistryCredential?> findCredential) : IDisposable
{
    /// <summary>Where the service names no time (token specification).</summary>
    const double DefaultSeconds = 60;

    /// <summary>A token with less time left is renewed before it is used.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim gate = new(1);
    readonly Lazy<RegistryCredential?> credential = new(findCredential);
    List<AuthChallenge> challenges = [];
    string? current;
    long begun;
    TimeSpan? lifetime;

    /// <summary>The header's value; null as long as the registry has not asked for one.</summary>
    public async Task<string?> Header(Uri registry, CancellationToken stop)
    {
        await gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (lifetime is { } time && Stopwatch.GetElapsedTime(begun) > time - Slack)
                current = await Obtain(registry, stop).ConfigureAwait(false);
            return current;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Another header after the registry has refused one (null: a request without any).</summary>
    /// <param name="registry">The address that refused; only the registry's own.</param>
    /// <exception cref="RegistryException">There is no other.</exception>
    public async Task Renew(string? refused, IReadOnlyList<AuthChallenge> asked, Uri registry, CancellationToken stop)
    {
        await gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // Another download has renewed it meanwhile.
            if (current != refused)
                return;
            challenges = [.. asked];
            string next = await Obtain(registry, stop).ConfigureAwait(false);
            if (next == refused)
                throw Refused();
            current = next;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The registry has refused what was got from it a moment ago.</summary>
    public RegistryException Refused() => credential.Value is { } used
        ? new RegistryException($"{host} does not take the credentials from {PathBytes.Printable(used.Origin)}{For}", $"decant login {host}") { Status = HttpStatusCode.Unauthorized }
        : new RegistryException($"{host} wants a login{For}, or there is no such image", $"decant login {host}") { Status = HttpStatusCode.Unauthorized };

    public void Dispose() => gate.Dispose();

    string For => repository is null ? "" : $" for {repository}";

    async Task<string> Obtain(Uri registry, CancellationToken stop)
    {
        if (credential.Value?.RegistryToken is { } token)
            return "Bearer " + token;
        if (challenges.Find(challenge => challenge.Is("Bearer")) is { } bearer)
            return "Bearer " + await Token(bearer, registry, stop).ConfigureAwait(false);
        if (challenges.Exists(challenge => challenge.Is("Basic")))
            return credential.Value is { Password.Length: > 0 } known ? Basic(known) : throw Refused();
        string offered = string.Join(", ", challenges.Select(challenge => challenge.Scheme));
        throw new RegistryException($"{host} wants a way to log in that decant does not know ({(offered.Length == 0 ? "it names none" : PathBytes.Printable(offered))})") { Status = HttpStatusCode.Unauthorized };
    }

    static string Basic(RegistryCredential known) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{known.User}:{known.Password}"));

    async Task<string> Token(AuthChallenge challenge, Uri registry, CancellationToken stop)
    {
        string realm = challenge.Parameters.GetValueOrDefault("realm") ?? "";
        if (!Uri.TryCreate(realm, UriKind.Absolute, out Uri? service) || service.Scheme is not ("https" or "http"))
            throw new RegistryException($"{host} names no token service ({PathBytes.Printable(realm)})");
        // Who reads along would have the password: no plain HTTP but where the registry itself is spoken to like that.
        if (service.Scheme == "http" && !(registry.Scheme == "http" && transport.MayBePlain(service)))
            throw new RegistryException($"{host} names a token service on plain HTTP, {RegistryTransport.HostOf(service)}, and credentials are not sent there");
        using HttpRequestMessage request = TokenRequest(service, challenge);
        using HttpResponseMessage response = await transport.Send(request, transport.Settings.Of(host).CaFile, stop).ConfigureAwait(false);
        string name = RegistryTransport.HostOf(service);
        // OAuth 2 answers a refresh token that is no longer good with 400 (RFC 6749, 5.2).
        bool refused = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            || (response.StatusCode == HttpStatusCode.BadRequest && credential.Value?.IdentityToken is not null);
        if (refused)
            throw Refused();
        TimeSpan limit = transport.Settings.StallTimeout;
        if (!response.IsSuccessStatusCode)
            throw RegistryFailure.Of(response, name, $"a token for {host}", await RegistryFailure.ErrorBody(response, name, limit, stop).ConfigureAwait(false));
        return Read(await RegistryFailure.Body(response, name, limit, stop).ConfigureAwait(false), name);
    }

    HttpRequestMessage TokenRequest(Uri service, AuthChallenge challenge)
    {
        List<KeyValuePair<string, string>> fields = [];
        if (challenge.Parameters.GetValueOrDefault("service") is { Length: > 0 } named)
            fields.Add(new("service", named));
        if (Scope(challenge) is { } scope)
            fields.Add(new("scope", scope));
        if (credential.Value is { IdentityToken: { } identity })
        {
            fields.AddRange([new("grant_type", "refresh_token"), new("client_id", "decant"), new("refresh_token", identity)]);
            return new HttpRequestMessage(HttpMethod.Post, service) { Content = new FormUrlEncodedContent(fields) };
        }

        if (credential.Value is { User.Length: > 0 } known)
            fields.Add(new("account", known.User));
        string query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        UriBuilder address = new(service);
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{query}" : query;
        HttpRequestMessage request = new(HttpMethod.Get, address.Uri);
        if (credential.Value is { } account)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(Basic(account));
        return request;
    }

    /// <summary>To pull and no more; in the registry's words where those are for that, as a proxy of several registries has other names.</summary>
    string? Scope(AuthChallenge challenge)
    {
        if (repository is null)
            return null;
        string asked = challenge.Parameters.GetValueOrDefault("scope") ?? "";
        return asked.StartsWith("repository:", StringComparison.Ordinal) && asked.EndsWith(":pull", StringComparison.Ordinal) && !asked.Contains(' ')
            ? asked
            : $"repository:{repository}:pull";
    }

    string Read(string body, string service)
    {
        TokenDocument document = ImagesJson.Read(Encoding.UTF8.GetBytes(body), ImagesJson.Default.TokenDocument, $"the answer of the token service {service}");
        string? token = string.IsNullOrEmpty(document.Token) ? document.AccessToken : document.Token;
        if (string.IsNullOrEmpty(token) || !token.All(c => c is > ' ' and < '\x7f'))
            throw new RegistryException($"the token service {service} gives no token");
        begun = Stopwatch.GetTimestamp();
        lifetime = TimeSpan.FromSeconds(document.ExpiresIn is > 0 and < 1e9 and { } seconds ? seconds : DefaultSeconds);
        return token;
    }
}
