namespace Decant.Bench;

/// <summary>What a threat does to conclusions.</summary>
public enum ThreatSeverity
{
    /// <summary>To be known; conclusions stand.</summary>
    Note,

    /// <summary>A difference may come from this instead of from the environments, or be of another size.</summary>
    Doubt,

    /// <summary>A difference between arms cannot be told from this.</summary>
    Disqualifying,
}
