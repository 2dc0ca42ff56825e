namespace Decant.Images;

/// <summary>A named run in the store: the name of the image that it was made from, and whether a process holds it at this moment.</summary>
public sealed record KeptRunInfo(string Name, string Image, DateTimeOffset Created, bool InUse);
