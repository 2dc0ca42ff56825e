using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>Something that is not the same in all environments, though it is not what is compared: a variable, a mount, a limit.</summary>
/// <param name="Values">By environment; one that has no such thing is absent.</param>
public sealed record FactDifference(string Name, ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>All of them, among the environments of which anything is known.</summary>
    public static ImmutableArray<FactDifference> Of(ImmutableArray<ResultEnvironment> environments)
    {
        ResultEnvironment[] known = [.. environments.Where(environment => environment.Facts.Count > 0)];
        return
        [
            .. known.SelectMany(environment => environment.Facts.Keys).Distinct().Order(StringComparer.Ordinal)
                .Select(name => new FactDifference(name, known.Where(environment => environment.Facts.ContainsKey(name))
                    .ToImmutableSortedDictionary(environment => environment.Name, environment => environment.Facts[name], StringComparer.Ordinal)))
                .Where(difference => difference.Values.Count < known.Length || difference.Values.Values.Distinct().Count() > 1),
        ];
    }
}
