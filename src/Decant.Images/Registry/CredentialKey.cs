namespace Decant.Images;

/// <summary>The names under which credential files keep a registry's entry.</summary>
static class CredentialKey
{
    /// <summary>What docker calls Docker Hub in its own file and to helpers.</summary>
    const string DockerHubUrl = "https://index.docker.io/v1/";

    /// <summary>For helpers and for docker's own file.</summary>
    public static string ForDocker(string host) => host == RegistryReference.DockerHub ? DockerHubUrl : host;

    /// <summary>A file's key as HOST[/PATH]: old files have URLs, whose path means nothing, and Docker Hub has several names.</summary>
    public static string Normal(string key)
    {
        string name = key;
        int scheme = name.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            name = name[(scheme + 3)..];
        int slash = name.IndexOf('/');
        string host = (slash < 0 ? name : name[..slash]).ToLowerInvariant();
        string path = slash < 0 || scheme >= 0 ? "" : name[slash..].TrimEnd('/');
        if (host is "index.docker.io" or "registry-1.docker.io")
            (host, path) = (RegistryReference.DockerHub, path is "/v1" or "/v2" ? "" : path);
        return host + path;
    }

    /// <summary>The names that fit a repository, the most specific first: HOST/a/b, HOST/a, HOST.</summary>
    public static IEnumerable<string> Candidates(string host, string? repository)
    {
        string name = repository is null ? host : $"{host}/{repository}";
        while (name.Length > host.Length)
        {
            yield return name;
            name = name[..name.LastIndexOf('/')];
        }

        yield return host;
    }
}
