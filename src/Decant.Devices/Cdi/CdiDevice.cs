namespace Decant.Devices;

/// <summary>A device of a specification.</summary>
public sealed record CdiDevice(string Name, CdiEdits Edits);
