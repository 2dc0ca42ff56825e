namespace Decant.Doctor;

public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing fails.</summary>
    Note,

    /// <summary>Something may fail, later or in a part that the command does not use.</summary>
    Warning,

    /// <summary>The command fails.</summary>
    Error,
}
