namespace Decant.Devices;

/// <summary>A mount that a program gets.</summary>
/// <param name="Options">OCI's, as mount(8) has them.</param>
/// <param name="Type">Of the file system; null or anything for a bind mount.</param>
public sealed record CdiMount(string HostPath, string ContainerPath, IReadOnlyList<string> Options, string? Type = null);
