using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Docker's config.json or Podman's auth.json, which have one form: "auths", "credHelpers", "credsStore". Whatever else a file
/// holds is written back as it was.
/// </summary>
sealed class CredentialFile
{
    const uint PrivateDirectory = 0x1C0; // 0700

    readonly string path;
    readonly JsonObject root;
    readonly bool isDockers;

    CredentialFile(string path, bool isDockers, JsonObject root)
    {
        this.path = path;
        this.isDockers = isDockers;
        this.root = root;
    }

    /// <summary>The file as it is, or an empty one where there is none.</summary>
    /// <exception cref="DecantException">It is not JSON, or may not be read.</exception>
    public static CredentialFile Read(string path, bool isDockers) => TryRead(path, isDockers) ?? new CredentialFile(path, isDockers, []);

    public static CredentialFile? TryRead(string path, bool isDockers)
    {
        Errno errno = LinuxFile.TryReadAll(null, path, out byte[] bytes);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (errno != Errno.None)
            throw new LinuxException("read", path, errno);
        // Podman makes an empty file where it finds none.
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            return new CredentialFile(path, isDockers, []);
        try
        {
            return new CredentialFile(path, isDockers, JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw Damaged(path, "it is not a JSON object"));
        }
        catch (JsonException e)
        {
            throw Damaged(path, $"not JSON, or a name twice, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    /// <summary>The program that keeps this registry's credentials; null where the file does.</summary>
    public CredentialHelper? HelperFor(string host)
    {
        foreach ((string key, JsonNode? value) in Members("credHelpers"))
        {
            if (CredentialKey.Normal(key) == host && Text(value) is { Length: > 0 } own)
                return new CredentialHelper(own);
        }

        return Text(root["credsStore"]) is { Length: > 0 } store ? new CredentialHelper(store) : null;
    }

    /// <summary>Whether the file has something to say about the registry, be it a helper's name.</summary>
    public bool Knows(string host) => HelperFor(host) is not null || Keys(host).Count > 0;

    /// <summary>The entry for the repository, the most specific there is; null repository for the registry itself.</summary>
    public RegistryCredential? Find(string host, string? repository)
    {
        if (HelperFor(host)?.Get(CredentialKey.ForDocker(host)) is { } kept)
            return kept;
        foreach (string candidate in CredentialKey.Candidates(host, repository))
        {
            foreach ((string key, JsonNode? value) in Members("auths"))
            {
                if (CredentialKey.Normal(key) == candidate && value is JsonObject entry && Credential(entry, key) is { } found)
                    return found;
            }
        }

        return null;
    }

    /// <summary>Keeps user and password for the registry, with the helper where the file names one.</summary>
    public void Set(string host, string user, string password)
    {
        string key = Keys(host) is [string first, ..] ? first : isDockers ? CredentialKey.ForDocker(host) : host;
        JsonObject entry = [];
        if (HelperFor(host) is { } helper)
            helper.Store(CredentialKey.ForDocker(host), user, password);
        else
            entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        if (root["auths"] is not JsonObject auths)
            root["auths"] = auths = [];
        auths[key] = entry;
    }

    /// <summary>Forgets the registry. False where the file does not know it.</summary>
    public bool Remove(string host)
    {
        CredentialHelper? helper = HelperFor(host);
        bool kept = helper?.Get(CredentialKey.ForDocker(host)) is not null;
        if (kept)
            helper!.Erase(CredentialKey.ForDocker(host));
        List<string> keys = Keys(host);
        foreach (string key in keys)
            ((JsonObject)root["auths"]!).Remove(key);
        return kept || keys.Count > 0;
    }

    /// <summary>In one step, for the owner alone. A link stays a link: what it leads to is replaced.</summary>
    public void Write()
    {
        string target = LinuxFile.TryRealPath(path, out string? resolved) == Errno.None ? resolved! : path;
        MakeDirectories(Path.GetDirectoryName(target)!);
        using MemoryStream bytes = new();
        // As docker writes it: tabs, and base64 without escapes.
        JsonWriterOptions options = new() { Indented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(bytes, options))
            root.WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        DurableFile.Write(Path.GetDirectoryName(target)!, target, bytes.ToArray());
    }

    static void MakeDirectories(string directory)
    {
        if (LinuxFile.Exists(directory))
            return;
        MakeDirectories(Path.GetDirectoryName(directory)!);
        Errno errno = LinuxFile.TryMakeDirectory(null, directory, PrivateDirectory);
        if (errno is not (Errno.None or Errno.EEXIST))
            throw new LinuxException("mkdir", directory, errno);
    }

    List<string> Keys(string host)
    {
        List<string> keys = [];
        foreach ((string key, _) in Members("auths"))
        {
            if (CredentialKey.Normal(key) == host)
                keys.Add(key);
        }

        return keys;
    }

    RegistryCredential? Credential(JsonObject entry, string key)
    {
        string user = Text(entry["username"]) ?? "";
        string password = Text(entry["password"]) ?? "";
        if (Text(entry["auth"]) is { Length: > 0 } auth)
            (user, password) = Decode(auth, key);
        string? identity = Text(entry["identitytoken"]);
        string? registry = Text(entry["registrytoken"]);
        if (user.Length == 0 && string.IsNullOrEmpty(identity) && string.IsNullOrEmpty(registry))
            return null;
        return new RegistryCredential(user, password, path)
        {
            IdentityToken = string.IsNullOrEmpty(identity) ? null : identity,
            RegistryToken = string.IsNullOrEmpty(registry) ? null : registry,
        };
    }

    (string User, string Password) Decode(string auth, string key)
    {
        byte[] bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out int length))
            throw Damaged(path, $"the auth of {PathBytes.Printable(key)} is not base64");
        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':');
        if (colon < 0)
            throw Damaged(path, $"the auth of {PathBytes.Printable(key)} is not USER:PASSWORD in base64");
        // Docker once padded passwords with NUL bytes, and still takes them off.
        return (text[..colon], text[(colon + 1)..].TrimEnd('\0'));
    }

    List<KeyValuePair<string, JsonNode?>> Members(string name) => root[name] is JsonObject members ? [.. members] : [];

    static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    static DecantException Damaged(string path, string why) =>
        new($"{PathBytes.Printable(path)}: {why}", "mend the file, or move it away and log in again");
}
