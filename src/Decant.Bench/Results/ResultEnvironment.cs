using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>One arm of a comparison, as it was.</summary>
/// <param name="Name">As chosen by the user; unique.</param>
/// <param name="Kind">host, decant, docker, …; of foreign results what they tell.</param>
/// <param name="Specification">As the user wrote it: docker:IMAGE.</param>
/// <param name="Facts">What was found out about it: versions, image digest, variables, mounts, limits. By name, for the diff.</param>
public sealed record ResultEnvironment(string Name, string Kind, string Specification, ImmutableSortedDictionary<string, string> Facts)
{
    /// <summary>The environment that this one is a second copy of; null for one by itself.</summary>
    public string? Repeats { get; init; }
}
