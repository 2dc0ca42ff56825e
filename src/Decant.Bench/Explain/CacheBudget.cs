namespace Decant.Bench;

/// <summary>A KV cache's size as a log tells it, beside the same computed from the log's other figures.</summary>
/// <param name="Origin">The rank or worker that printed it; empty where there is one.</param>
/// <param name="Line">Of the log, from 1.</param>
/// <param name="Cache">What the log says that the cache may take, in B.</param>
/// <param name="Recomputed">The same by the program's own formula, in B; null where the log does not print all of its terms.</param>
/// <param name="Rounding">How far both may differ because the log rounds what it prints, in B.</param>
/// <param name="Formula">With the log's numbers: 0.85 × (139.81 − 91.46) GiB.</param>
public sealed record CacheBudget(string Program, string Origin, int Line, double Cache, double? Recomputed, double Rounding, string Formula)
{
    /// <summary>What the log's figure has more than the computed one, in B.</summary>
    public double? Residual => Cache - Recomputed;

    /// <summary>Whether the log's figure is the computed one, but for rounding. Null where it could not be computed.</summary>
    public bool? Holds => Residual is { } residual ? Math.Abs(residual) <= Rounding : null;
}
