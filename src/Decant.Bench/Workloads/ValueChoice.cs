namespace Decant.Bench;

/// <summary>Which of several matches is the value.</summary>
public enum ValueChoice
{
    /// <summary>There must be exactly one.</summary>
    Only,
    First,
    Last,
    Mean,
    Sum,
    Min,
    Max,
}
