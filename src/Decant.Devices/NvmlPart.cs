namespace Decant.Devices;

/// <summary>A part of a divided GPU (MIG).</summary>
/// <param name="Uuid">Such as MIG-41b36c9a-....</param>
public sealed record NvmlPart(string Uuid, int GpuInstance, int ComputeInstance);
