using System.Text;

namespace Decant.EndToEnd.Tests.Registry;

/// <summary>A registry of our own that wants bearer tokens, and the service that gives them, on another port.</summary>
public sealed class TokenService : IDisposable
{
    readonly HostileRegistry service = new();
    readonly int uses;
    readonly object gate = new();
    string? current;
    int left;
    int given;

    /// <param name="uses">Requests that one token is good for.</param>
    public TokenService(HostileRegistry registry, int uses)
    {
        this.uses = uses;
        service.Trick = Give;
        registry.Trick = request => IsGood(request.Header("Authorization")) ? null
            : new RegistryAnswer(401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""",
                ("WWW-Authenticate", $"Bearer realm=\"http://{service.Host}/token?a=b\",service=\"the registry\",scope=\"repository:x:pull\",error=\"invalid_token\""));
    }

    /// <summary>Answers in the service's place where it returns something.</summary>
    public Func<RegistryRequest, RegistryAnswer?> Trick { get; set; } = _ => null;

    public IEnumerable<RegistryRequest> Requests => service.Requests;

    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public void Dispose() => service.Dispose();

    RegistryAnswer Give(RegistryRequest request)
    {
        if (Trick(request) is { } other)
            return other;
        lock (gate)
        {
            current = $"token{++given}";
            left = uses;
            // Both names of the field are in use.
            return new RegistryAnswer(200, $$"""{"{{(given % 2 == 0 ? "token" : "access_token")}}":"{{current}}","expires_in":300}""");
        }
    }

    bool IsGood(string? header)
    {
        lock (gate)
            return header is not null && header == $"Bearer {current}" && left-- > 0;
    }
}
