namespace Decant.Elf;

/// <summary>The GPU code of one kind and architecture in a file.</summary>
/// <param name="IsPtx">Text that the driver compiles for its GPU; else machine code.</param>
/// <param name="Count">How many there are: about one for each source file.</param>
/// <param name="Hollow">How many of them are too small to hold a kernel; device linkers leave such for sources without one.</param>
public sealed record DeviceCode(GpuArchitecture Architecture, bool IsPtx, int Count, int Hollow)
{
    public bool HasKernels => Count > Hollow;

    /// <summary>As tools write it: sm_90a, compute_90.</summary>
    public override string ToString() => (IsPtx ? "compute_" : "sm_") + Architecture;

    /// <summary>Whether a GPU of that compute capability can run it, compiled by the driver where it is PTX.</summary>
    public bool RunsOn(Version capability) => IsPtx ? Architecture.CompilesFor(capability) : Architecture.RunsOn(capability);
}
