using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// An image in a registry as docker writes it: [HOST[:PORT]/]NAME[:TAG][@DIGEST]. A name without a host is Docker Hub's, one
/// without a slash its library's. Source: the grammar of distribution/reference.
/// </summary>
/// <param name="Host">Lower case, with the port where one is given; as it was written where only its capital letters tell it from a name.</param>
/// <param name="Repository">All components of the name: library/debian.</param>
/// <param name="Tag">"latest" where neither tag nor digest was given.</param>
/// <param name="Digest">Of the manifest or index; it goes over the tag.</param>
public sealed record RegistryReference(string Host, string Repository, string? Tag, Digest? Digest)
{
    /// <summary>Docker Hub, as references name it.</summary>
    public const string DockerHub = "docker.io";

    const string OfficialPrefix = "library/";
    const int LongestRepository = 255;
    const int LongestTag = 128;

    /// <summary>What a registry's API calls the manifest: the digest, else the tag.</summary>
    public string ManifestName => Digest?.ToString() ?? Tag!;

    /// <summary>As a source: docker:// and every part.</summary>
    public string Text => $"docker://{Host}/{Repository}{Ending}";

    /// <summary>The shortest that means the same, as docker lists it: debian:12.</summary>
    public string FamiliarName
    {
        get
        {
            string name = Host != DockerHub ? $"{Host}/{Repository}"
                : Repository.StartsWith(OfficialPrefix, StringComparison.Ordinal) ? Repository[OfficialPrefix.Length..] : Repository;
            return name + Ending;
        }
    }

    string Ending => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <exception cref="DecantException">It is no reference; the message names the part that is wrong.</exception>
    public static RegistryReference Parse(string text)
    {
        string rest = text;
        Digest? digest = null;
        int at = rest.IndexOf('@');
        if (at >= 0)
        {
            if (!Images.Digest.TryParse(rest[(at + 1)..], out Digest parsed))
                throw Wrong(text, $"{PathBytes.Printable(rest[(at + 1)..])} is not a digest: sha256 or sha512, a colon, and lower-case hexadecimal digits");
            digest = parsed;
            rest = rest[..at];
        }

        string host = DockerHub;
        int slash = rest.IndexOf('/');
        if (slash >= 0 && IsHost(rest[..slash]))
        {
            host = CheckHost(rest[..slash]);
            // Where nothing but a capital letter tells that it is one, it stays as it is, or it would be read as a part of a name the next time.
            if (!IsHost(host))
                host = rest[..slash];
            rest = rest[(slash + 1)..];
        }

        string? tag = null;
        int colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
            if (!IsTag(tag))
                throw Wrong(text, $"\"{PathBytes.Printable(tag)}\" is not a tag: at most {LongestTag} letters, digits and . _ -, not beginning with . or -");
        }

        CheckRepository(rest, text);
        if (host == DockerHub && !rest.Contains('/'))
            rest = OfficialPrefix + rest;
        return new RegistryReference(host, rest, tag ?? (digest is null ? "latest" : null), digest);
    }

    /// <summary>A registry by itself, as <c>login</c> and the configuration name it; Docker Hub's other names become the one.</summary>
    /// <exception cref="DecantException">It is no host with an optional port.</exception>
    public static string CheckHost(string text)
    {
        string host = text.ToLowerInvariant();
        // Docker's own configuration and API use these for the one registry.
        if (host is "index.docker.io" or "registry-1.docker.io")
            return DockerHub;
        if (host.Contains('/'))
            throw NoHost(text);
        string name = host;
        int colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            if (!ushort.TryParse(host.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out ushort port) || port == 0)
                throw new DecantException($"{PathBytes.Printable(text)}: {PathBytes.Printable(host[(colon + 1)..])} is not a port");
            name = host[..colon];
        }

        bool bracketed = name.StartsWith('[') && name.EndsWith(']');
        bool valid = bracketed
            ? System.Net.IPAddress.TryParse(name.AsSpan(1, name.Length - 2), out System.Net.IPAddress? address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            : name.Length > 0 && Array.TrueForAll(name.Split('.'), label => label.Length is > 0 and < 64 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        return valid ? host : throw NoHost(text);
    }

    static DecantException NoHost(string text) => new($"\"{PathBytes.Printable(text)}\" is not a registry's host", "write HOST or HOST:PORT, without https:// and without a path");

    /// <summary>Docker's rule for what stands before the first slash.</summary>
    static bool IsHost(string first)
    {
        bool upper = false;
        foreach (char c in first)
            upper |= char.IsAsciiLetterUpper(c);
        return first.Contains('.') || first.Contains(':') || first == "localhost" || upper;
    }

    static bool IsTag(string tag)
    {
        bool plain = tag.Length is > 0 and <= LongestTag && tag[0] is not ('.' or '-');
        foreach (char c in tag)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
        return plain;
    }

    static void CheckRepository(string repository, string text)
    {
        if (repository.Length > LongestRepository)
            throw Wrong(text, $"the name has {repository.Length} characters, and at most {LongestRepository} are allowed");
        foreach (string component in repository.Split('/'))
        {
            if (component.Length == 0)
                throw Wrong(text, "a part of the name is empty");
            if (!IsComponent(component))
                throw Wrong(text, $"\"{PathBytes.Printable(component)}\" is not a part of a name: lower-case letters and digits, between them one of . _ __ or dashes");
        }
    }

    /// <summary>Runs of letters and digits with one separator between each two.</summary>
    static bool IsComponent(string component)
    {
        int at = 0;
        while (true)
        {
            int start = at;
            while (at < component.Length && (char.IsAsciiLetterLower(component[at]) || char.IsAsciiDigit(component[at])))
                at++;
            if (at == start)
                return false;
            if (at == component.Length)
                return true;
            int separator = at;
            while (at < component.Length && component[at] is '.' or '_' or '-')
                at++;
            string between = component[separator..at];
            if (between is not ("." or "_" or "__") && between.Trim('-').Length > 0)
                return false;
            if (at == separator)
                return false;
        }
    }

    static DecantException Wrong(string text, string why) =>
        new($"docker://{PathBytes.Printable(text)}: {why}", "write docker://[HOST[:PORT]/]NAME[:TAG][@DIGEST], such as docker://debian:12");
}
