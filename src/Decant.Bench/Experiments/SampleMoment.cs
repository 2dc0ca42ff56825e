namespace Decant.Bench;

/// <summary>At which look at a trial the host's memory is told.</summary>
public enum SampleMoment
{
    /// <summary>The one with the most memory in use.</summary>
    Peak,

    /// <summary>The last one while the program had all its memory, together with which the files of <see cref="FileClass"/> are counted.</summary>
    End,
}
