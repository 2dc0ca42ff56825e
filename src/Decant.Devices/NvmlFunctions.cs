using System.Runtime.InteropServices;

namespace Decant.Devices;

/// <summary>The functions of libnvidia-ml that decant calls (nvml.h). Null is what a driver of this age does not have.</summary>
sealed unsafe class NvmlFunctions
{
    public NvmlFunctions(nint library)
    {
        Init = (delegate* unmanaged<NvmlStatus>)Find(library, "nvmlInit_v2");
        ErrorString = (delegate* unmanaged<NvmlStatus, byte*>)Find(library, "nvmlErrorString");
        DriverVersion = (delegate* unmanaged<byte*, uint, NvmlStatus>)Find(library, "nvmlSystemGetDriverVersion");
        CudaVersion = (delegate* unmanaged<int*, NvmlStatus>)Find(library, "nvmlSystemGetCudaDriverVersion_v2");
        Count = (delegate* unmanaged<uint*, NvmlStatus>)Find(library, "nvmlDeviceGetCount_v2");
        Handle = (delegate* unmanaged<uint, nint*, NvmlStatus>)Find(library, "nvmlDeviceGetHandleByIndex_v2");
        Name = (delegate* unmanaged<nint, byte*, uint, NvmlStatus>)Find(library, "nvmlDeviceGetName");
        Uuid = (delegate* unmanaged<nint, byte*, uint, NvmlStatus>)Find(library, "nvmlDeviceGetUUID");
        Memory = (delegate* unmanaged<nint, ulong*, NvmlStatus>)Find(library, "nvmlDeviceGetMemoryInfo");
        Memory2 = (delegate* unmanaged<nint, NvmlMemory2*, NvmlStatus>)Find(library, "nvmlDeviceGetMemoryInfo_v2");
        NumaNode = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetNumaNodeId");
        Utilization = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetUtilizationRates");
        Temperature = (delegate* unmanaged<nint, uint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetTemperature");
        Power = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetPowerUsage");
        PowerLimit = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetEnforcedPowerLimit");
        Energy = (delegate* unmanaged<nint, ulong*, NvmlStatus>)Find(library, "nvmlDeviceGetTotalEnergyConsumption");
        Clock = (delegate* unmanaged<nint, uint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetClockInfo");
        // Renamed with R535; the old name stays.
        ClockReasons = (delegate* unmanaged<nint, ulong*, NvmlStatus>)Find(library, "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons");
        Processes = (delegate* unmanaged<nint, uint*, NvmlProcessInfo*, NvmlStatus>)Find(library, "nvmlDeviceGetComputeRunningProcesses_v3");
        Persistence = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetPersistenceMode");
        Ecc = (delegate* unmanaged<nint, uint*, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetEccMode");
        MostParts = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetMaxMigDeviceCount");
        Part = (delegate* unmanaged<nint, uint, nint*, NvmlStatus>)Find(library, "nvmlDeviceGetMigDeviceHandleByIndex");
        GpuInstance = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetGpuInstanceId");
        ComputeInstance = (delegate* unmanaged<nint, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetComputeInstanceId");
        Mig = (delegate* unmanaged<nint, uint*, uint*, NvmlStatus>)Find(library, "nvmlDeviceGetMigMode");
    }

    public readonly delegate* unmanaged<NvmlStatus> Init;
    public readonly delegate* unmanaged<NvmlStatus, byte*> ErrorString;
    public readonly delegate* unmanaged<byte*, uint, NvmlStatus> DriverVersion;
    public readonly delegate* unmanaged<int*, NvmlStatus> CudaVersion;
    public readonly delegate* unmanaged<uint*, NvmlStatus> Count;
    public readonly delegate* unmanaged<uint, nint*, NvmlStatus> Handle;
    public readonly delegate* unmanaged<nint, byte*, uint, NvmlStatus> Name;
    public readonly delegate* unmanaged<nint, byte*, uint, NvmlStatus> Uuid;

    /// <summary>Total, free, used.</summary>
    public readonly delegate* unmanaged<nint, ulong*, NvmlStatus> Memory;

    public readonly delegate* unmanaged<nint, NvmlMemory2*, NvmlStatus> Memory2;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> NumaNode;

    /// <summary>Of the GPU, of its memory's bus; percent.</summary>
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> Utilization;

    public readonly delegate* unmanaged<nint, uint, uint*, NvmlStatus> Temperature;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> Power;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> PowerLimit;
    public readonly delegate* unmanaged<nint, ulong*, NvmlStatus> Energy;
    public readonly delegate* unmanaged<nint, uint, uint*, NvmlStatus> Clock;
    public readonly delegate* unmanaged<nint, ulong*, NvmlStatus> ClockReasons;
    public readonly delegate* unmanaged<nint, uint*, NvmlProcessInfo*, NvmlStatus> Processes;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> Persistence;

    /// <summary>Now, and after the next start.</summary>
    public readonly delegate* unmanaged<nint, uint*, uint*, NvmlStatus> Ecc;

    public readonly delegate* unmanaged<nint, uint*, uint*, NvmlStatus> Mig;

    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> MostParts;
    public readonly delegate* unmanaged<nint, uint, nint*, NvmlStatus> Part;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> GpuInstance;
    public readonly delegate* unmanaged<nint, uint*, NvmlStatus> ComputeInstance;

    static nint Find(nint library, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryGetExport(library, name, out nint function))
                return function;
        }

        return 0;
    }
}
