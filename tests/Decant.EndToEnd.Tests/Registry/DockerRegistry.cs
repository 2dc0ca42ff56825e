using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>Debian's docker-registry on loopback, with the image of <see cref="RegistryImages"/> in it as lab/hello:1.</summary>
public sealed class DockerRegistry : IDisposable
{
    public const string User = "alice";
    public const string Password = "a:secret with spaces";

    readonly string directory = Workplace.NewDirectory(EndToEnd.Tests.User.Root);
    readonly Process process;

    /// <param name="tls">With a certificate of its own authority, for localhost and 127.0.0.1.</param>
    /// <param name="login">Only <see cref="User"/> may do anything.</param>
    public DockerRegistry(bool tls, bool login)
    {
        int port = FreePort();
        Host = $"{(tls ? "localhost" : "127.0.0.1")}:{port}";
        string configuration = $"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {directory}/data}}}}\nhttp: {{addr: 127.0.0.1:{port}{(tls ? $", tls: {{certificate: {directory}/ca.crt, key: {directory}/key.pem}}" : "")}}}\n";
        if (tls)
            Shell.Run($"cd {directory} && openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout key.pem -out ca.crt -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1'").Expect(0);
        if (login)
        {
            Shell.Run($"htpasswd -Bbc {directory}/htpasswd {User} '{Password}'").Expect(0);
            configuration += $"auth: {{htpasswd: {{realm: r, path: {directory}/htpasswd}}}}\n";
        }

        File.WriteAllText($"{directory}/r.yml", configuration);
        process = Start($"{directory}/r.yml");
        WaitUntilItListens(port);
        string credentials = login ? $"--dest-creds '{User}:{Password}'" : "";
        string trust = tls ? $"--dest-cert-dir {directory}" : "--dest-tls-verify=false";
        Shell.Run($"skopeo copy --quiet --insecure-policy {trust} {credentials} {RegistryImages.Source} docker://{Host}/lab/hello:1").Expect(0);
    }

    public string Host { get; }

    /// <summary>The authority's certificate.</summary>
    public string CaFile => $"{directory}/ca.crt";

    public string Image => $"docker://{Host}/lab/hello:1";

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Shell.Run($"rm -rf {directory}").Expect(0);
    }

    static Process Start(string configuration)
    {
        ProcessStartInfo start = new("docker-registry", ["serve", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException("docker-registry is missing: apt-get install docker-registry");
        }

        // Its log would fill the pipes.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static void WaitUntilItListens(int port)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                using TcpClient client = new();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (tries < 300)
            {
                Thread.Sleep(100);
            }
        }
    }
}
