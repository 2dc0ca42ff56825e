using System.Globalization;
using System.Text;

namespace Decant.Devices;

/// <summary>An application profile of the NVIDIA driver by which EGL and Vulkan see some GPUs only (README of the driver, "Application profiles").</summary>
public static class NvidiaGraphicsProfile
{
    public const string Path = "/etc/nvidia/nvidia-application-profiles-rc.d/10-container.conf";

    /// <summary>Null where no path is a GPU's node.</summary>
    /// <param name="nodes">Paths of device nodes.</param>
    public static byte[]? For(IEnumerable<string> nodes)
    {
        ulong mask = 0;
        foreach (string node in nodes)
        {
            // The driver gives the node of minor N the name nvidiaN.
            if (GpuNode.KindOf(node) == GpuNodeKind.NvidiaGpu && int.TryParse(node.AsSpan("/dev/nvidia".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int minor) && minor < 64)
                mask |= 1UL << minor;
        }

        return mask == 0 ? null : Encoding.ASCII.GetBytes($$"""{"profiles": [{"name": "decant", "settings": ["EGLVisibleDGPUDevices", 0x{{mask:x}}]}], "rules": [{"pattern": [], "profile": "decant"}]}""");
    }
}
