namespace Decant.Doctor;

/// <summary>Something that was left out of an image, and why.</summary>
public sealed record LeftOutFile(string Path, string Reason);
