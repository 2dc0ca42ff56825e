using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decant.Linux;

namespace Decant.Images;

/// <summary>What went wrong with a request, in words: the framework's own messages are left out of the binary.</summary>
static class RegistryFailure
{
    /// <summary>Bytes of an error's body that are looked at.</summary>
    const int MostBody = 64 * 1024;

    /// <summary>The message of an error, at most.</summary>
    const int MostText = 300;

    /// <summary>The request did not come to an answer, or the answer broke off.</summary>
    public static RegistryException Of(Exception e, string host, string? certificateProblem)
    {
        HttpRequestError kind = e switch
        {
            HttpRequestException request => request.HttpRequestError,
            HttpIOException io => io.HttpRequestError,
            _ => HttpRequestError.Unknown,
        };
        if (kind == HttpRequestError.SecureConnectionError && certificateProblem is not null)
            return new RegistryException($"{host}: {certificateProblem}", $"configure the authority's certificate: [registries.\"{host}\"] ca = \"FILE\" (docs/configuration.md)", e);
        SocketError? socket = Find<SocketException>(e)?.SocketErrorCode;
        return (kind, socket) switch
        {
            (HttpRequestError.NameResolutionError, SocketError.TryAgain) => new RegistryException($"{host}: the name server does not answer", inner: e) { Transient = true, Unreachable = true },
            (HttpRequestError.NameResolutionError, _) => new RegistryException($"{host}: there is no host of that name", "check the spelling, and that this machine has a network", e) { Unreachable = true },
            (HttpRequestError.ConnectionError, SocketError.ConnectionRefused) => new RegistryException($"{host}: nothing listens there (connection refused)", inner: e) { Unreachable = true },
            (HttpRequestError.ConnectionError, _) => new RegistryException($"{host}: no connection{(socket is null ? "" : $" ({socket})")}", inner: e) { Transient = true, Unreachable = true },
            (HttpRequestError.SecureConnectionError, _) => new RegistryException($"{host}: no TLS connection comes about", $"where the registry speaks plain HTTP, say so: [registries.\"{host}\"] insecure = true (docs/configuration.md)", e) { Unreachable = true, NotTls = true },
            (HttpRequestError.InvalidResponse, _) => new RegistryException($"{host}: the answer is not HTTP", inner: e),
            (HttpRequestError.ConfigurationLimitExceeded, _) => new RegistryException($"{host}: the headers of the answer are too long", inner: e),
            _ when Find<TimeoutException>(e) is not null => new RegistryException($"{host}: no answer in time", inner: e) { Transient = true, Unreachable = true },
            _ => new RegistryException($"{host}: the connection broke{(socket is null ? "" : $" ({socket})")}", inner: e) { Transient = true },
        };
    }

    public static RegistryException Stalled(string host, TimeSpan limit) =>
        new($"{host}: nothing came for {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s", "a slow network can be given more time: [pull] stall-seconds (docs/configuration.md)") { Transient = true };

    /// <summary>The registry answered, but not with what was asked for.</summary>
    /// <param name="what">What was asked for, such as "manifest 12".</param>
    public static RegistryException Of(HttpResponseMessage response, string host, string what, string body)
    {
        HttpStatusCode status = response.StatusCode;
        string reason = Reason(body) is { } text ? $": {text}" : "";
        bool transient = status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        string message = status switch
        {
            HttpStatusCode.NotFound => $"{host} has no {what}{reason}",
            HttpStatusCode.Forbidden => $"{host} does not allow {what}{reason}",
            HttpStatusCode.TooManyRequests => $"{host} answers {what} with 429, too many requests{reason}",
            _ => $"{host} answers {what} with {(int)status}{reason}",
        };
        return new RegistryException(message, status == HttpStatusCode.TooManyRequests ? $"wait, or log in: decant login {host}" : null)
        {
            Transient = transient,
            Status = status,
            RetryAfter = RetryAfter(response),
        };
    }

    /// <summary>The start of a short answer's body.</summary>
    /// <param name="limit">For all of it.</param>
    /// <exception cref="RegistryException">It does not come, or breaks off.</exception>
    public static async Task<string> Body(HttpResponseMessage response, string host, TimeSpan limit, CancellationToken stop)
    {
        byte[] bytes = new byte[MostBody];
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(stop);
        stall.CancelAfter(limit);
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stall.Token).ConfigureAwait(false);
            return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Stalled(host, limit);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Of(e, host, null);
        }
    }

    /// <summary>The start of an error's body; empty where it cannot be read, as the status says enough.</summary>
    public static async Task<string> ErrorBody(HttpResponseMessage response, string host, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            return await Body(response, host, limit, stop).ConfigureAwait(false);
        }
        catch (RegistryException)
        {
            return "";
        }
    }

    static string? Reason(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
            return null;
        try
        {
            RegistryErrorDocument? first = ImagesJson.Read(System.Text.Encoding.UTF8.GetBytes(body), ImagesJson.Default.RegistryErrorsDocument, "error").Errors?.Find(error => error is not null);
            string text = first?.Message ?? first?.Code ?? "";
            return text.Length == 0 ? null : PathBytes.Printable(text.Length > MostText ? text[..MostText] + "…" : text);
        }
        catch (DecantException)
        {
            return null;
        }
    }

    static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow,
            _ => null,
        };
        return wait > TimeSpan.Zero ? wait : null;
    }

    static T? Find<T>(Exception e)
        where T : Exception
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            if (at is T found)
                return found;
        }

        return null;
    }
}
