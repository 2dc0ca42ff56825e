namespace Decant.Devices;

/// <summary>A file of the NVIDIA driver on this host.</summary>
/// <param name="Path">Absolute, without links.</param>
/// <param name="Names">By which programs find it besides its own: its soname, and what it is linked by.</param>
public sealed record DriverFile(string Path, IReadOnlyList<string> Names);
