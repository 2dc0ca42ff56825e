namespace Decant.Devices;

/// <summary>enable-cuda-compat: where an image has a newer user-mode driver that works with the kernel's, its own is to be found first.</summary>
/// <param name="DriverVersion">Of the kernel.</param>
/// <param name="CudaVersion">That the host's driver has; where a driver's version says nothing, as on Jetson.</param>
/// <param name="Directory">In the image.</param>
public sealed record CudaCompatRequest(string? DriverVersion, string? CudaVersion, string Directory)
{
    /// <summary>Of the package cuda-compat.</summary>
    public const string UsualDirectory = "/usr/local/cuda/compat";

    /// <summary>Of the package for Jetson Orin.</summary>
    public const string OrinDirectory = "/usr/local/cuda/compat_orin";
}
