using System.Runtime.InteropServices;

namespace Decant.Devices;

/// <summary>nvmlMemory_v2_t: what the driver keeps for itself stands apart from what is used.</summary>
[StructLayout(LayoutKind.Sequential)]
struct NvmlMemory2
{
    /// <summary>The size of this, and the version above it (NVML_STRUCT_VERSION).</summary>
    public const uint CurrentVersion = 40 | (2 << 24);

    public uint Version;
    public ulong Total;
    public ulong Reserved;
    public ulong Free;
    public ulong Used;
}
