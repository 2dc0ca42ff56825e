namespace Decant.Doctor;

public enum HostStatus
{
    /// <summary>All there.</summary>
    Ok,

    /// <summary>Decant runs images, but not everything works for every caller.</summary>
    Limited,

    /// <summary>Not there; what the consequence says does not work.</summary>
    Missing,
}

/// <summary>One thing that decant wants of the host.</summary>
/// <param name="Id">Stable; lower case with hyphens.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Consequence">What works differently, or not; null where all is well.</param>
/// <param name="Fix">The command to type or the file to change; may have several lines. Null where nothing is to be done, or nothing can be.</param>
public sealed record HostCheck(string Id, string Title, HostStatus Status, string Detail, string? Consequence = null, string? Fix = null)
{
    /// <summary>What it is about, one thing a line.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];
}
