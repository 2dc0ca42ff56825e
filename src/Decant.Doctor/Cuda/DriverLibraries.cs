using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// The libraries of a GPU's driver: they belong to the kernel module of the host on which a program runs, and never into an image
/// (NVIDIA driver README, "Installed components").
/// </summary>
static class DriverLibraries
{
    static readonly string[] starts =
    [
        "libcuda.so", "libcudadebugger.so", "libnvcuvid.so", "libnvoptix.so", "libnvidia-", "libEGL_nvidia.so", "libGLX_nvidia.so", "libGLESv1_CM_nvidia.so", "libGLESv2_nvidia.so",
        "libvdpau_nvidia.so", "libdxcore.so",
    ];

    /// <param name="path">Or name, of a library.</param>
    public static bool Contain(string path)
    {
        string name = LinuxPath.Name(path);
        // Its container tools are no part of the driver.
        return Array.Exists(starts, start => name.StartsWith(start, StringComparison.Ordinal)) && !name.StartsWith("libnvidia-container", StringComparison.Ordinal);
    }
}
