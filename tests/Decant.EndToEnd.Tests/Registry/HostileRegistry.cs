using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>
/// A registry of our own on loopback, plain HTTP/1.1 by hand: it serves what was put into it, ranges included, and does worse
/// where a test asks for that.
/// </summary>
public sealed class HostileRegistry : IDisposable
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";

    readonly TcpListener listener = new(IPAddress.Any, 0);
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentBag<TcpClient> connections = [];

    public HostileRegistry()
    {
        listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>By digest.</summary>
    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    /// <summary>By tag and by digest; the type is Content-Type.</summary>
    public ConcurrentDictionary<string, (byte[] Bytes, string Type)> Manifests { get; } = new();

    /// <summary>In the order of their arrival.</summary>
    public ConcurrentQueue<RegistryRequest> Requests { get; } = new();

    /// <summary>Answers in the registry's place where it returns something.</summary>
    public Func<RegistryRequest, RegistryAnswer?> Trick { get; set; } = _ => null;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Host => $"127.0.0.1:{Port}";

    public string Image => $"docker://{Host}/x:1";

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public string AddBlob(byte[] bytes)
    {
        string digest = DigestOf(bytes);
        Blobs[digest] = bytes;
        return digest;
    }

    public string AddManifest(string tag, string json, string type)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        string digest = DigestOf(bytes);
        Manifests[tag] = Manifests[digest] = (bytes, type);
        return digest;
    }

    /// <summary>What an honest registry answers.</summary>
    public RegistryAnswer Honest(RegistryRequest request)
    {
        string name = request.Target[(request.Target.LastIndexOf('/') + 1)..];
        if (request.Target == "/v2/")
            return new RegistryAnswer(200, "{}");
        if (request.IsManifest && Manifests.TryGetValue(name, out (byte[] Bytes, string Type) manifest))
            return new RegistryAnswer(200, manifest.Bytes, ("Content-Type", manifest.Type), ("Docker-Content-Digest", DigestOf(manifest.Bytes)));
        if (!request.IsBlob || !Blobs.TryGetValue(name, out byte[]? blob))
            return new RegistryAnswer(404, """{"errors":[{"code":"UNKNOWN","message":"not here"}]}""");
        if (request.Header("Range") is not { } range)
            return new RegistryAnswer(200, blob);
        int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new RegistryAnswer(206, blob[from..], ("Content-Range", $"bytes {from}-{blob.Length - 1}/{blob.Length}"));
    }

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
        foreach (TcpClient connection in connections)
            connection.Dispose();
    }

    void Accept()
    {
        try
        {
            while (true)
            {
                TcpClient client = listener.AcceptTcpClient();
                connections.Add(client);
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                BufferedStream stream = new(client.GetStream());
                while (Read(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    if (!Send(stream, Trick(request) ?? Honest(request)))
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // The client has gone, as it may.
        }
    }

    /// <summary>Null at the end, and where the client begins a TLS handshake.</summary>
    static RegistryRequest? Read(Stream stream)
    {
        const int Handshake = 0x16;
        string[] first = Line(stream, Handshake).Split(' ');
        if (first.Length != 3)
            return null;
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (Line(stream, -1) is { Length: > 0 } line)
            headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        stream.ReadExactly(body);
        return new RegistryRequest(first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }

    static string Line(Stream stream, int end)
    {
        StringBuilder line = new();
        while (stream.ReadByte() is int b and >= 0 && b != '\n' && b != end)
            line.Append((char)b);
        return line.ToString().TrimEnd('\r');
    }

    /// <summary>False where the connection is to end.</summary>
    bool Send(Stream stream, RegistryAnswer answer)
    {
        StringBuilder head = new($"HTTP/1.1 {answer.Status} X\r\n");
        foreach ((string name, string value) in answer.Headers)
            head.Append($"{name}: {value}\r\n");
        head.Append(answer.Chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {answer.Body.Length}\r\n\r\n");
        stream.Write(Encoding.ASCII.GetBytes(head.ToString()));
        int length = answer.BreakAfter ?? answer.StallAfter ?? answer.Body.Length;
        if (answer.Chunked)
            stream.Write(Encoding.ASCII.GetBytes($"{length:x}\r\n"));
        stream.Write(answer.Body, 0, length);
        if (answer.Chunked)
            stream.Write("\r\n0\r\n\r\n"u8);
        stream.Flush();
        if (answer.StallAfter is not null)
            stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
        return answer.BreakAfter is null && answer.StallAfter is null;
    }
}
