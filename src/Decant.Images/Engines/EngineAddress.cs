using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decant.Linux;

namespace Decant.Images;

/// <summary>Where a container engine's API listens: a socket in the file system, or a port of this machine.</summary>
sealed record EngineAddress(string Text, EndPoint EndPoint)
{
    /// <summary>sun_path of unix(7), less the zero.</summary>
    const int LongestPath = 107;

    public static EngineAddress Unix(string path) => PathBytes.Encode(path).Length <= LongestPath
        ? new EngineAddress(path, new UnixDomainSocketEndPoint(path))
        : throw new DecantException($"{PathBytes.Printable(path)}: the path of a socket has at most {LongestPath} bytes");

    /// <summary>The value of DOCKER_HOST or CONTAINER_HOST: unix://PATH, or tcp://HOST:PORT on this machine.</summary>
    /// <exception cref="DecantException">It is elsewhere, or needs a protocol that decant does not speak.</exception>
    public static EngineAddress Parse(string text, string variable, string engine)
    {
        string place = $"{variable}={PathBytes.Printable(text)}";
        if (text.StartsWith("unix://", StringComparison.Ordinal))
        {
            string path = text["unix://".Length..];
            return path.StartsWith('/') ? Unix(path) : throw new DecantException($"{place}: the path of the socket is not absolute", $"{variable}=unix:///path/to/socket");
        }

        string fix = $"let the engine's own tool fetch it: {engine} save NAME | decant pull docker-archive:- NAME";
        if (!text.StartsWith("tcp://", StringComparison.Ordinal))
            throw new DecantException($"{place}: decant speaks to an engine by unix://PATH or tcp://127.0.0.1:PORT only", fix);
        string rest = text["tcp://".Length..].TrimEnd('/');
        int colon = rest.LastIndexOf(':');
        string host = colon < 0 ? rest : rest[..colon].Trim('[', ']');
        if (colon < 0 || !ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            throw new DecantException($"{place}: no port", $"{variable}=tcp://127.0.0.1:2375");
        IPAddress? address = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : null;
        if (address is null || !IPAddress.IsLoopback(address))
            throw new DecantException($"{place}: not on this machine, and images are not fetched over a network without TLS", fix);
        return new EngineAddress(rest, new IPEndPoint(address, port));
    }

    /// <summary>Why nothing can be had from it, before anything is asked; null where it answers, and then the connection.</summary>
    public string? TryConnect(out Socket? socket, out bool denied)
    {
        socket = null;
        denied = false;
        if (EndPoint is UnixDomainSocketEndPoint)
        {
            Errno errno = LinuxFile.TryStatus(null, Text, follow: true, out _);
            denied = errno == Errno.EACCES || (errno == Errno.None && !LinuxFile.CanAccess(Text, 2));
            if (denied)
                return "permission denied";
            if (errno != Errno.None)
                return errno.Describe();
        }

        try
        {
            socket = Connect();
            return null;
        }
        catch (SocketException)
        {
            return "nothing listens there";
        }
    }

    public Socket Connect()
    {
        bool unix = EndPoint is UnixDomainSocketEndPoint;
        Socket socket = new(EndPoint.AddressFamily, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            socket.Connect(EndPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
