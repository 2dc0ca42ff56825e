using System.Net;
using Decant.Linux;

namespace Decant.Images;

/// <summary><c>decant login</c> and <c>logout</c>: credentials in the files that docker and podman read too.</summary>
public static class RegistryLogin
{
    /// <summary>Proves the credentials to the registry and keeps them. Returns the file that they, or their helper's name, are in.</summary>
    /// <param name="host">As <see cref="RegistryReference.CheckHost"/> writes it.</param>
    /// <exception cref="DecantException">The registry does not take them, or no file can be written; nothing is kept then.</exception>
    public static string Login(string host, string user, string password, RegistrySettings settings)
    {
        if (user.Contains(':'))
            throw new DecantException("a user's name cannot hold a colon (RFC 7617)");
        try
        {
            using IgnoredBrokenPipes guard = new();
            using RegistryTransport transport = new(settings, ImageLimits.Default);
            using RegistryClient client = new(transport, host, null, () => new RegistryCredential(user, password, "the login"));
            client.Ping(default).GetAwaiter().GetResult();
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            throw new DecantException($"{host} does not take the user {PathBytes.Printable(user)} with this password", inner: e);
        }

        return new CredentialFiles(CallerEnvironment.Get).Save(host, user, password);
    }

    /// <summary>Forgets the registry. Returns the files that knew it.</summary>
    public static IReadOnlyList<string> Logout(string host) => new CredentialFiles(CallerEnvironment.Get).Remove(host);
}
