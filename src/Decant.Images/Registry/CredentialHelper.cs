using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>A program docker-credential-NAME that keeps credentials (docker-credential-helpers' protocol): a verb, one text in, JSON out.</summary>
sealed class CredentialHelper(string name)
{
    /// <summary>What helpers write where they have nothing; they end with 1 then, as with any failure.</summary>
    const string NotFound = "credentials not found";

    /// <summary>In the place of a user: the secret is an identity token.</summary>
    const string TokenUser = "<token>";

    public string Program { get; } = "docker-credential-" + name;

    /// <summary>Null where it has none for the server.</summary>
    /// <exception cref="DecantException">It is missing, fails, or answers what is no credential.</exception>
    public RegistryCredential? Get(string server)
    {
        ChildProgram ended = Run("get", Encoding.UTF8.GetBytes(server));
        string text = Encoding.UTF8.GetString(ended.Output).Trim();
        if (ended.ExitCode != 0)
            return text.Contains(NotFound, StringComparison.OrdinalIgnoreCase) ? null : throw Failed("get", ended.ExitCode, text);
        HelperDocument document = ImagesJson.Read(ended.Output, ImagesJson.Default.HelperDocument, Program);
        if (string.IsNullOrEmpty(document.Secret))
            return null;
        string user = document.Username ?? "";
        return new RegistryCredential(user, document.Secret, Program) { IdentityToken = user == TokenUser ? document.Secret : null };
    }

    public void Store(string server, string user, string password)
    {
        byte[] json = ImagesJson.Write(new HelperDocument { ServerUrl = server, Username = user, Secret = password }, ImagesJson.Default.HelperDocument);
        ChildProgram ended = Run("store", json);
        if (ended.ExitCode != 0)
            throw Failed("store", ended.ExitCode, Encoding.UTF8.GetString(ended.Output).Trim());
    }

    public void Erase(string server)
    {
        ChildProgram ended = Run("erase", Encoding.UTF8.GetBytes(server));
        string text = Encoding.UTF8.GetString(ended.Output).Trim();
        if (ended.ExitCode != 0 && !text.Contains(NotFound, StringComparison.OrdinalIgnoreCase))
            throw Failed("erase", ended.ExitCode, text);
    }

    ChildProgram Run(string verb, ReadOnlySpan<byte> input)
    {
        // The name comes from a file, and must not lead out of PATH.
        if (name.Contains('/'))
            throw new DecantException($"{PathBytes.Printable(name)} is not the name of a credential helper");
        return ChildProgram.TryRun([Program, verb], input)
            ?? throw new DecantException($"the credential helper {PathBytes.Printable(Program)} is not on PATH", "install it, or take credsStore or credHelpers out of the file that names it");
    }

    DecantException Failed(string verb, int code, string text) =>
        new($"{PathBytes.Printable(Program)} {verb} ended with {code}{(text.Length == 0 ? "" : ": " + PathBytes.Printable(text))}");
}
