using System.Runtime.InteropServices;

namespace Decant.Devices;

/// <summary>nvmlProcessInfo_t of nvmlDeviceGetComputeRunningProcesses_v3.</summary>
[StructLayout(LayoutKind.Sequential)]
struct NvmlProcessInfo
{
    public uint Pid;

    /// <summary>All bits are set where it is not available (NVML_VALUE_NOT_AVAILABLE).</summary>
    public ulong UsedMemory;

    /// <summary>Of MIG.</summary>
    public uint GpuInstance;

    public uint ComputeInstance;
}
