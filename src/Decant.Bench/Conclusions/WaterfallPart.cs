namespace Decant.Bench;

/// <summary>One named part of a difference in memory, in bytes; negative where the subject has less.</summary>
public sealed record WaterfallPart(string Name, double Bytes);
