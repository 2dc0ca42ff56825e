namespace Decant.Bench;

/// <summary>Whether to measure on.</summary>
/// <param name="Interval">Of the difference or log ratio so far.</param>
/// <param name="BlocksNeeded">How many blocks in all will make the interval narrow enough, by the spread so far.</param>
public sealed record StopDecision(StopReason Reason, Interval Interval, int BlocksNeeded)
{
    public bool Stop => Reason != StopReason.None;
}
