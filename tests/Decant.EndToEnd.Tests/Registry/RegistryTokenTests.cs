using System.Net;
using System.Net.Sockets;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>Bearer tokens, and who gets to see what decant knows.</summary>
public sealed class RegistryTokenTests : IDisposable
{
    readonly HostileRegistry registry = new();

    public RegistryTokenTests() => HostileRegistryImage.Add(registry, "1", [.. Enumerable.Range(1, 5).Select(i => HostileRegistryImage.Layer(1000 * i))]);

    public void Dispose() => registry.Dispose();

    [Fact]
    public void Anybody_gets_a_token_for_what_is_public()
    {
        using TokenService tokens = new(registry, uses: 1000);
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).Expect(0);
        RegistryRequest request = Assert.Single(tokens.Requests);
        Assert.Equal("/token?a=b&service=the%20registry&scope=repository%3Ax%3Apull", request.Target);
        Assert.Null(request.Header("Authorization"));
    }

    [Fact]
    public void A_token_that_runs_out_in_the_middle_is_renewed()
    {
        using TokenService tokens = new(registry, uses: 2);
        using RegistryRoom room = new("[pull]\ndownloads = 1");
        room.Decant("pull", registry.Image).Expect(0);
        Assert.True(tokens.Requests.Count() >= 3, $"{tokens.Requests.Count()} tokens");
    }

    [Fact]
    public void The_password_goes_to_the_token_service_and_the_token_to_the_registry()
    {
        using TokenService tokens = new(registry, uses: 1000);
        tokens.Trick = request => request.Header("Authorization") == TokenService.Basic("alice", "secret") ? null : new RegistryAnswer(401, "");
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).ExpectError(125, "wants a login for x");
        room.DecantWithInput("wrong", "login", "-u", "alice", "--password-stdin", registry.Host).ExpectError(125, "does not take the user alice");
        room.DecantWithInput("secret", "login", "-u", "alice", "--password-stdin", registry.Host).Expect(0);
        room.Decant("pull", registry.Image).Expect(0);
        Assert.Contains("account=alice", tokens.Requests.Last().Target);
        Assert.DoesNotContain(registry.Requests, request => request.Header("Authorization")?.StartsWith("Basic", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void An_identity_token_is_exchanged()
    {
        using TokenService tokens = new(registry, uses: 1000);
        using RegistryRoom room = new();
        room.Write(room.DockerFile, $$$"""{"auths":{"{{{registry.Host}}}":{"auth":"dTo=","identitytoken":"re+fresh/"} } }""");
        room.Decant("pull", registry.Image).Expect(0);
        RegistryRequest request = Assert.Single(tokens.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("service=the+registry&scope=repository%3Ax%3Apull&grant_type=refresh_token&client_id=decant&refresh_token=re%2Bfresh%2F", request.Body);
        tokens.Trick = _ => new RegistryAnswer(400, """{"error":"invalid_grant"}""");
        room.Decant("pull", registry.Image).ExpectError(125, "does not take the credentials");
    }

    [Theory]
    [InlineData("Negotiate", "that decant does not know (Negotiate)")]
    [InlineData("Bearer service=\"x\"", "names no token service")]
    [InlineData("Bearer realm=\"http://192.0.2.1/token\"", "token service on plain HTTP")]
    [InlineData("Bearer realm=\"file:///etc/passwd\"", "names no token service")]
    public void A_challenge_that_cannot_be_met_is_refused_with_the_reason(string challenge, string reason)
    {
        registry.Trick = _ => new RegistryAnswer(401, "", ("WWW-Authenticate", challenge));
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).ExpectError(125, reason);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"token\":\"a b\"}")]
    [InlineData("nothing")]
    public void A_token_service_that_gives_none_is_named(string answer)
    {
        using TokenService tokens = new(registry, uses: 1000);
        tokens.Trick = _ => new RegistryAnswer(200, answer);
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).ExpectError(125, "token service");
    }

    [Fact]
    public void Authorization_does_not_follow_a_redirect_to_another_host()
    {
        using HostileRegistry other = new();
        foreach ((string digest, byte[] blob) in registry.Blobs)
            other.Blobs[digest] = blob;
        string header = TokenService.Basic("alice", "secret");
        registry.Trick = request => request.Header("Authorization") != header ? new RegistryAnswer(401, "", ("WWW-Authenticate", "Basic realm=\"r\""))
            : request.IsBlob ? new RegistryAnswer(307, "", ("Location", $"http://{other.Host}{request.Target}?signature=1"))
            : request.IsManifest && !request.Target.EndsWith("moved", StringComparison.Ordinal) ? new RegistryAnswer(301, "", ("Location", "/v2/x/manifests/moved"))
            : null;
        other.Trick = request => other.Honest(request with { Target = request.Target[..request.Target.IndexOf('?')] });
        registry.Manifests["moved"] = registry.Manifests["1"];
        using RegistryRoom room = new();
        room.DecantWithInput("secret", "login", "-u", "alice", "--password-stdin", registry.Host).Expect(0);
        room.Decant("pull", registry.Image).Expect(0);
        Assert.NotEmpty(other.Requests);
        Assert.All(other.Requests, request => Assert.Null(request.Header("Authorization")));
        Assert.All(other.Requests, request => Assert.Null(request.Header("Cookie")));
    }

    [Theory]
    [InlineData("http://192.0.2.1/blob", "plain HTTP on 192.0.2.1")]
    [InlineData("file:///etc/passwd", "not HTTP")]
    [InlineData("/v2/x/blobs/again", "redirects more than 5 times")]
    public void A_redirect_to_where_it_must_not_lead_is_refused(string location, string reason)
    {
        registry.Trick = request => request.IsBlob ? new RegistryAnswer(302, "", ("Location", location)) : null;
        using RegistryRoom room = new();
        room.Decant("pull", registry.Image).ExpectError(125, reason);
        room.ExpectEmptyStore();
    }

    [Fact]
    public void Plain_HTTP_is_spoken_with_this_machine_and_with_hosts_that_the_configuration_names()
    {
        string host = $"{OwnAddress()}:{registry.Port}";
        using (RegistryRoom room = new())
            room.Decant("pull", $"docker://{host}/x:1").ExpectError(125, "no TLS connection", "insecure = true");
        Assert.Empty(registry.Requests);
        using (RegistryRoom room = new($"[registries.\"{host}\"]\ninsecure = true"))
            room.Decant("pull", $"docker://{host}/x:1").Expect(0);
    }

    /// <summary>An address of this machine that is no loopback address.</summary>
    static IPAddress OwnAddress()
    {
        // Nothing is sent: connecting a datagram socket only chooses the address to send from.
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Parse("192.0.2.1"), 9);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }
}
