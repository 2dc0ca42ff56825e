namespace Decant.Bench;

/// <summary>Why an output gives no figures: the trial does not count then.</summary>
/// <param name="Line">From 1; null where it is about something that is not there.</param>
public sealed record WorkloadFailure(string Format, string Reason, int? Line)
{
    /// <summary>"stream, line 31: …", for <see cref="Trial.Failure"/>.</summary>
    public override string ToString() => Line is null ? $"{Format}: {Reason}" : $"{Format}, line {Line}: {Reason}";
}
