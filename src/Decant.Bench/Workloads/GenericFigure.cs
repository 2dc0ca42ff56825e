namespace Decant.Bench;

/// <summary>What the user declares of one figure of an output that no format is made for.</summary>
/// <param name="Metric">With the unit that <paramref name="Scale"/> brings the printed number to.</param>
/// <param name="Scale">What one of the printed unit is in the metric's: 1e-3 of ms to s.</param>
/// <param name="Matches">How many there must be; null where one or more will do.</param>
public sealed record GenericFigure(Metric Metric, ValueChoice Choice = ValueChoice.Only, double Scale = 1, int? Matches = null)
{
    /// <summary>The one value of what was found.</summary>
    /// <exception cref="UnreadableException">Nothing was found, or not as much as was declared.</exception>
    internal WorkloadValue Choose(IReadOnlyList<(double Value, int Line)> found, string what)
    {
        if (found.Count == 0)
            throw new UnreadableException($"{Metric.Name}: {what} matches nothing");
        int declared = Matches ?? (Choice == ValueChoice.Only ? 1 : found.Count);
        if (found.Count != declared)
        {
            string advice = Matches is null ? ": choose first, last, mean, sum, min or max" : "";
            throw new UnreadableException(
                $"{Metric.Name}: {what} matches {found.Count} times and not {declared}{advice}", found[Math.Min(declared, found.Count - 1)].Line);
        }

        (double value, int line) = Choice switch
        {
            ValueChoice.Last => found[^1],
            ValueChoice.Mean => (found.Average(one => one.Value), found[0].Line),
            ValueChoice.Sum => (found.Sum(one => one.Value), found[0].Line),
            ValueChoice.Min => found.MinBy(one => one.Value),
            ValueChoice.Max => found.MaxBy(one => one.Value),
            _ => found[0],
        };
        return new WorkloadValue(Metric, Scale * value, "", "", line);
    }
}
