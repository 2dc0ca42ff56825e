using System.Diagnostics;
using Decant.Devices;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// The NVIDIA GPUs of this host. NVML is opened with the first question and held to decant's end, so that no trial finds the driver unloaded and its neighbour
/// does not: without persistence mode the first to open it waits for seconds.
/// </summary>
public static class HostGpus
{
    /// <summary>The inode of the host's own PID namespace (PROC_PID_INIT_INO of the kernel's proc_ns.h).</summary>
    const ulong FirstPidNamespace = 0xEFFFFFFC;

    static readonly Lazy<(Nvml? Library, string? Reason)> _opened = new(() => (Nvml.TryOpen(out string? reason), reason));

    static readonly Lazy<bool> _seesHostProcesses = new(() => LinuxFile.TryStatus(null, "/proc/self/ns/pid", follow: true, out FileStatus status) == Errno.None && status.Inode == FirstPidNamespace);

    /// <summary>Null where there is no driver, or it cannot be asked.</summary>
    internal static Nvml? Library => _opened.Value.Library;

    internal static IReadOnlyList<NvmlDevice> Devices => Library?.Devices ?? [];

    /// <summary>Why a driver that is there cannot be asked; null where it can be, and where there is none.</summary>
    public static string? Reason => _opened.Value.Reason;

    /// <summary>One of each; null where there are none.</summary>
    /// <param name="processes">Of the trial.</param>
    internal static IReadOnlyList<GpuReading>? Read(IReadOnlyCollection<int> processes) =>
        Devices.Count == 0 ? null : [.. Devices.Select(device => Read(device, processes))];

    static GpuReading Read(NvmlDevice device, IReadOnlyCollection<int> processes)
    {
        IReadOnlyList<NvmlProcess>? users = device.Processes;
        return new GpuReading(
            device.MemoryUsed, GpuReading.Sum(users), GpuReading.OwnMemory(users, processes, _seesHostProcesses.Value), device.SharesHostMemory ? true : null, device.Utilisation, device.Power,
            device.Temperature, device.Clock, (ulong?)device.ClockReasons);
    }

    /// <summary>Null where there are none.</summary>
    internal static GpuCounters? ReadCounters() =>
        Devices.Count == 0 ? null : new GpuCounters(Stopwatch.GetTimestamp(), GpuReading.Sum(Devices.Select(device => device.Energy)), Devices.Max(device => device.Temperature));
}
