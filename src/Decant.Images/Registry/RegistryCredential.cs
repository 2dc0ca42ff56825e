namespace Decant.Images;

/// <summary>What proves to a registry who asks: user and password, or a token in their place.</summary>
/// <param name="origin">The file or program that it came from, for messages.</param>
sealed class RegistryCredential(string user, string password, string origin)
{
    public string User => user;

    public string Password => password;

    public string Origin => origin;

    /// <summary>A refresh token (OAuth 2) that the registry's token service takes in the password's place.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token for the registry itself.</summary>
    public string? RegistryToken { get; init; }
}
