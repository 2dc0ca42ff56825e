using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Decant.Linux;

namespace Decant.Images;

/// <summary>Requests to one engine's API (Docker Engine API; podman's compatible part), one after another.</summary>
sealed class EngineConnection : IDisposable
{
    /// <summary>For an answer that an engine has ready; only an image's archive takes it longer.</summary>
    static readonly TimeSpan DocumentLimit = TimeSpan.FromSeconds(30);

    readonly ContainerEngine engine;
    readonly string place;
    readonly HttpClient client;
    Socket? opened;

    /// <summary>Takes over the connection that is there already.</summary>
    public EngineConnection(ContainerEngine engine, EngineAddress address, Socket socket)
    {
        this.engine = engine;
        place = $"{engine.Name} at {PathBytes.Printable(address.Text)}";
        opened = socket;
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(Interlocked.Exchange(ref opened, null) ?? address.Connect(), ownsSocket: true)),
        };
        // Docker writes a large image out as files of its own before it sends the first byte.
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Null where the engine knows no such thing.</summary>
    public T? Get<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        using CancellationTokenSource limit = new(DocumentLimit);
        try
        {
            using HttpResponseMessage? response = TrySend(path, limit.Token);
            if (response is null)
                return null;
            using Stream stream = response.Content.ReadAsStream(limit.Token);
            return ImagesJson.Read(ReadDocument(stream, limit.Token), type, $"{place}: {path}");
        }
        catch (OperationCanceledException e)
        {
            throw new DecantException($"{place} took the question and did not answer within {DocumentLimit.TotalSeconds:0} s", engine.Start, e);
        }
    }

    /// <summary>
    /// A tar of any size, copied to the scratch directory: an engine's archive of images names its layers after them, and a blob's
    /// digest is needed before it is unpacked. Null where the engine knows no such thing.
    /// </summary>
    public SectionStream? Spool(string path, string text, string scratch)
    {
        using HttpResponseMessage? response = TrySend(path, CancellationToken.None);
        if (response is null)
            return null;
        try
        {
            using Stream stream = response.Content.ReadAsStream();
            return ArchiveFile.Spool(stream, text, scratch);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new DecantException($"{text}: {place} ended the transfer before its end", $"try again; the engine's log may say why", e);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        opened?.Dispose();
    }

    HttpResponseMessage? TrySend(string path, CancellationToken stop)
    {
        HttpResponseMessage response;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "http://localhost" + path);
            response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new DecantException($"{place} does not answer as an engine does: {PathBytes.Printable(e.InnerException?.Message ?? e.Message)}", engine.Start, e);
        }

        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                return null;
            throw new DecantException($"{place} answers {(int)response.StatusCode}: {PathBytes.Printable(MessageOf(response))}");
        }
    }

    static string MessageOf(HttpResponseMessage response)
    {
        try
        {
            using Stream stream = response.Content.ReadAsStream();
            return JsonSerializer.Deserialize(ReadDocument(stream, CancellationToken.None), ImagesJson.Default.EngineErrorDocument)?.Message ?? response.StatusCode.ToString();
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            // What is no answer of the API's has its status alone to tell.
            return response.StatusCode.ToString();
        }
    }

    static byte[] ReadDocument(Stream stream, CancellationToken stop)
    {
        byte[] bytes = new byte[ImageLimits.Default.Document];
        return bytes[..stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop).AsTask().GetAwaiter().GetResult()];
    }
}
