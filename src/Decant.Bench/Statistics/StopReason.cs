namespace Decant.Bench;

/// <summary>Why no further block is measured.</summary>
public enum StopReason
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The interval is narrow enough.</summary>
    Precise,

    /// <summary>The budget of blocks is spent.</summary>
    Budget,
}
