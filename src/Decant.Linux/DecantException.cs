namespace Decant.Linux;

/// <summary>
/// A failure that the user can understand and mend: what went wrong, on which object, and where possible
/// the command or option that fixes it. The command line prints it and ends with exit code 125.
/// </summary>
public class DecantException : Exception
{
    public DecantException(string message, string? fix = null, Exception? inner = null)
        : base(message, inner) => Fix = fix;

    /// <summary>What to type or change; null where decant knows none.</summary>
    public string? Fix { get; }
}
