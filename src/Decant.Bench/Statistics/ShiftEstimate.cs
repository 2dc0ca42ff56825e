namespace Decant.Bench;

/// <summary>A Hodges–Lehmann estimate of how far one arm lies from the other.</summary>
/// <param name="Value">The median of the averages or differences, in the data's unit.</param>
/// <param name="Interval">From the k-th least of them to the k-th greatest, with the level that this reaches.</param>
/// <param name="Rank">That k.</param>
public sealed record ShiftEstimate(double Value, Interval Interval, int Rank)
{
    /// <param name="sorted">The averages or differences, sorted.</param>
    internal static ShiftEstimate Of(double[] sorted, int rank, double level) =>
        new(Descriptive.SortedQuantile(sorted, 0.5), new Interval(sorted[rank - 1], sorted[^rank], level), rank);
}
