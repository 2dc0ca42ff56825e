using System.Net;
using Decant.Linux;

namespace Decant.Images;

/// <summary>A request to a registry failed: whether another try may help, and what the registry asks for.</summary>
sealed class RegistryException(string message, string? fix = null, Exception? inner = null) : DecantException(message, fix, inner)
{
    /// <summary>Another try may help: the connection broke, or the registry is overloaded.</summary>
    public bool Transient { get; init; }

    /// <summary>Nobody answers at all. In the middle of a pull that may pass, at its beginning it is most likely a wrong name.</summary>
    public bool Unreachable { get; init; }

    /// <summary>Somebody answers, but does not speak TLS.</summary>
    public bool NotTls { get; init; }

    /// <summary>What the registry answered; null where there was no answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the registry wants to be left alone (Retry-After).</summary>
    public TimeSpan? RetryAfter { get; init; }
}
