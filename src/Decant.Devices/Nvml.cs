using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Devices;

/// <summary>
/// NVIDIA's management library, libnvidia-ml, which is part of the driver (NVML API reference). While it is held open the driver keeps the GPUs initialised,
/// as its persistence mode does.
/// </summary>
public sealed unsafe class Nvml
{
    const string Soname = "libnvidia-ml.so.1";

    /// <summary>NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE is 80, and names and UUIDs take up to 96 bytes.</summary>
    const int MostText = 96;

    readonly NvmlFunctions functions;

    Nvml(NvmlFunctions functions)
    {
        this.functions = functions;
        uint count;
        List<NvmlDevice> devices = [];
        for (uint index = 0; functions.Count(&count) == NvmlStatus.Success && index < count; index++)
        {
            nint handle;
            // One that has fallen off the bus, or is not this user's, keeps its number.
            if (functions.Handle(index, &handle) == NvmlStatus.Success)
                devices.Add(new NvmlDevice(functions, handle));
        }

        Devices = devices;
    }

    /// <summary>All of the host that this user may open, whatever CUDA_VISIBLE_DEVICES says; by the driver's numbers.</summary>
    public IReadOnlyList<NvmlDevice> Devices { get; }

    /// <summary>Such as 580.159.04; null where the library does not tell.</summary>
    public string? DriverVersion
    {
        get
        {
            byte* text = stackalloc byte[MostText];
            return functions.DriverVersion != null && functions.DriverVersion(text, MostText) == NvmlStatus.Success ? Text(text) : null;
        }
    }

    /// <summary>The newest CUDA that this driver runs; null where the library does not tell.</summary>
    public Version? CudaVersion
    {
        get
        {
            int number;
            return functions.CudaVersion != null && functions.CudaVersion(&number) == NvmlStatus.Success ? new Version(number / 1000, number % 1000 / 10) : null;
        }
    }

    /// <summary>Opens the library where the loader, or else <see cref="NvidiaDriverFiles"/>, finds it. The first to open it may wait seconds for the driver.</summary>
    /// <param name="reason">Why a driver that is there cannot be asked; null where there is none.</param>
    /// <returns>Null where there is no driver, or it cannot be asked.</returns>
    public static Nvml? TryOpen(out string? reason)
    {
        if (TryOpen(Soname, out reason) is { } found)
            return found;
        if (reason is not null || NvidiaDriver.Probe() is not { } driver)
            return null;
        foreach (DriverFile library in NvidiaDriverFiles.Probe(driver, DriverCapabilities.Utility).Libraries)
        {
            if (library.Names.Contains(Soname))
                return TryOpen(library.Path, out reason);
        }

        return null;
    }

    /// <param name="library">A path, or a name for the loader to find.</param>
    internal static Nvml? TryOpen(string library, out string? reason)
    {
        reason = null;
        if (!NativeLibrary.TryLoad(library, out nint handle))
            return null;
        NvmlFunctions functions = new(handle);
        if (functions.Init == null || functions.Count == null || functions.Handle == null)
        {
            reason = $"{library} is no NVML that decant knows";
            return null;
        }

        NvmlStatus status = functions.Init();
        if (status == NvmlStatus.Success)
            return new Nvml(functions);
        if (status != NvmlStatus.DriverNotLoaded)
            reason = functions.ErrorString == null ? $"NVML's error {(int)status}" : Text(functions.ErrorString(status));
        return null;
    }

    internal static string Text(byte* zeroEnded) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(zeroEnded));
}
