namespace Decant.Bench;

/// <summary>Which values of a metric are the better ones.</summary>
public enum Direction
{
    /// <summary>Times, memory, energy.</summary>
    LowerIsBetter,

    /// <summary>Throughputs.</summary>
    HigherIsBetter,

    /// <summary>Neither, such as the size of a cache that follows from what was free: it can differ, and not be better.</summary>
    Neither,
}
