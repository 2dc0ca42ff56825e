using System.Globalization;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>A GPU as NVML reads it. Null is what this device, driver or user is not told; each property asks the driver anew.</summary>
public sealed unsafe class NvmlDevice
{
    const int MostText = 96;
    const uint SmClock = 1;

    readonly NvmlFunctions functions;
    readonly nint handle;

    internal NvmlDevice(NvmlFunctions functions, nint handle)
    {
        (this.functions, this.handle) = (functions, handle);
        Name = Text(functions.Name);
        Uuid = Text(functions.Uuid);
        SharesHostMemory = ReadMemory(out _, out _) == NvmlStatus.NotSupported || IsMemoryNode(Number(functions.NumaNode));
    }

    public string? Name { get; }

    public string? Uuid { get; }

    /// <summary>
    /// What is allocated on it is taken from the memory that /proc/meminfo counts: integrated GPUs, such as those of GB10 and Jetson, have no memory that NVML
    /// could tell of, and that of Grace systems is a NUMA node of the host.
    /// </summary>
    public bool SharesHostMemory { get; }

    /// <summary>Of its own, in bytes.</summary>
    public long? MemoryTotal => ReadMemory(out long total, out _) == NvmlStatus.Success ? total : null;

    /// <summary>Of its own, by all processes, without what the driver keeps for itself; bytes.</summary>
    public long? MemoryUsed => ReadMemory(out _, out long used) == NvmlStatus.Success ? used : null;

    /// <summary>Percent of the driver's last sample, of 1/6 s to 1 s, in which a kernel ran.</summary>
    public int? Utilisation
    {
        get
        {
            uint* rates = stackalloc uint[2];
            return functions.Utilization != null && functions.Utilization(handle, rates) == NvmlStatus.Success ? (int)rates[0] : null;
        }
    }

    /// <summary>°C.</summary>
    public int? Temperature
    {
        get
        {
            uint degrees;
            return functions.Temperature != null && functions.Temperature(handle, 0, &degrees) == NvmlStatus.Success ? (int)degrees : null;
        }
    }

    /// <summary>Watts; since Ampere the mean of the last second.</summary>
    public double? Power => Number(functions.Power) / 1e3;

    /// <summary>Watts.</summary>
    public double? PowerLimit => Number(functions.PowerLimit) / 1e3;

    /// <summary>Joules since the driver was loaded (since Volta).</summary>
    public double? Energy
    {
        get
        {
            ulong millijoules;
            return functions.Energy != null && functions.Energy(handle, &millijoules) == NvmlStatus.Success ? millijoules / 1e3 : null;
        }
    }

    /// <summary>Of the multiprocessors, in MHz.</summary>
    public int? Clock
    {
        get
        {
            uint megahertz;
            return functions.Clock != null && functions.Clock(handle, SmClock, &megahertz) == NvmlStatus.Success ? (int)megahertz : null;
        }
    }

    public NvmlClockReasons? ClockReasons
    {
        get
        {
            ulong bits;
            return functions.ClockReasons != null && functions.ClockReasons(handle, &bits) == NvmlStatus.Success ? (NvmlClockReasons)bits : null;
        }
    }

    public bool? IsPersistent => Number(functions.Persistence) is { } mode ? mode != 0 : null;

    public bool? HasEcc => Mode(functions.Ecc);

    /// <summary>Whether it is divided (Multi-Instance GPU).</summary>
    public bool? IsDivided => Mode(functions.Mig);

    /// <summary>Into which it is divided.</summary>
    public IReadOnlyList<NvmlPart> Parts
    {
        get
        {
            uint most;
            if (functions.MostParts == null || functions.Part == null || functions.Uuid == null || functions.GpuInstance == null || functions.ComputeInstance == null || functions.MostParts(handle, &most) != NvmlStatus.Success)
                return [];
            List<NvmlPart> parts = [];
            byte* uuid = stackalloc byte[MostText];
            for (uint index = 0; index < most; index++)
            {
                nint part;
                uint gpu, compute;
                // Some of the places are empty.
                if (functions.Part(handle, index, &part) == NvmlStatus.Success && functions.Uuid(part, uuid, MostText) == NvmlStatus.Success && functions.GpuInstance(part, &gpu) == NvmlStatus.Success && functions.ComputeInstance(part, &compute) == NvmlStatus.Success)
                    parts.Add(new NvmlPart(Nvml.Text(uuid), (int)gpu, (int)compute));
            }

            return parts;
        }
    }

    /// <summary>Those with a compute context on it.</summary>
    public IReadOnlyList<NvmlProcess>? Processes
    {
        get
        {
            if (functions.Processes == null)
                return null;
            // Others may start between two calls: a few more than were there.
            for (uint room = 32; ;)
            {
                NvmlProcessInfo[] found = new NvmlProcessInfo[room];
                uint count = room;
                NvmlStatus status;
                fixed (NvmlProcessInfo* first = found)
                    status = functions.Processes(handle, &count, first);
                if (status == NvmlStatus.Success)
                    return [.. found.Take((int)count).Select(process => new NvmlProcess((int)process.Pid, process.UsedMemory == ulong.MaxValue ? null : (long)process.UsedMemory))];
                if (status != NvmlStatus.InsufficientSize || count <= room)
                    return null;
                room = count + 8;
            }
        }
    }

    NvmlStatus ReadMemory(out long total, out long used)
    {
        (total, used) = (0, 0);
        if (functions.Memory2 != null)
        {
            NvmlMemory2 memory = new() { Version = NvmlMemory2.CurrentVersion };
            NvmlStatus status = functions.Memory2(handle, &memory);
            if (status == NvmlStatus.Success)
                (total, used) = ((long)memory.Total, (long)memory.Used);
            return status;
        }

        ulong* first = stackalloc ulong[3];
        NvmlStatus old = functions.Memory == null ? NvmlStatus.NotSupported : functions.Memory(handle, first);
        if (old == NvmlStatus.Success)
            (total, used) = ((long)first[0], (long)first[2]);
        return old;
    }

    /// <summary>A node with processors is where the GPU is plugged in.</summary>
    static bool IsMemoryNode(uint? node) =>
        node is { } number && KernelText.TryRead($"/sys/devices/system/node/node{number.ToString(CultureInfo.InvariantCulture)}/cpulist") is { } processors && string.IsNullOrWhiteSpace(processors);

    uint? Number(delegate* unmanaged<nint, uint*, NvmlStatus> function)
    {
        uint number;
        return function != null && function(handle, &number) == NvmlStatus.Success ? number : null;
    }

    bool? Mode(delegate* unmanaged<nint, uint*, uint*, NvmlStatus> function)
    {
        uint now;
        uint next;
        return function != null && function(handle, &now, &next) == NvmlStatus.Success ? now != 0 : null;
    }

    string? Text(delegate* unmanaged<nint, byte*, uint, NvmlStatus> function)
    {
        byte* text = stackalloc byte[MostText];
        return function != null && function(handle, text, MostText) == NvmlStatus.Success ? Nvml.Text(text) : null;
    }
}
