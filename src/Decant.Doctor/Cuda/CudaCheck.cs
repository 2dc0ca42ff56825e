using Decant.Elf;

namespace Decant.Doctor;

/// <summary>Whether a program that uses CUDA finds what it needs of the image, the driver and the GPU.</summary>
static class CudaCheck
{
    /// <param name="opened">The process with each library that the program opens while it runs, in their order.</param>
    public static IReadOnlyList<Finding> Examine(LoadedCommand loaded, IReadOnlyList<LoadedProcess> opened, DoctorHost host)
    {
        // Without its libraries it does not come so far.
        if (loaded.Process.Missing.Any())
            return [];
        CudaProcess process = new(loaded, opened);
        if (!process.UsesCuda)
            return [.. DeviceCodeCheck.Examine(process, host)];
        Version? provided = process.Driver?.Object is { } libcuda ? CudaCompat.Of(loaded.Command.Root, libcuda.Path)?.Provides : null;
        return
        [
            .. CudaDriverFileCheck.Examine(process, host),
            .. CudaDriverLoadCheck.Examine(process),
            .. CudaDriverCheck.Examine(process, host),
            .. CudaDeviceCheck.Examine(process, host),
            .. DeviceCodeCheck.Examine(process, host),
            .. CudaLibrariesCheck.Examine(process),
            .. CudaToolkitCheck.Examine(process),
            .. CudaRequirementCheck.Examine(loaded.Command, host, provided),
        ];
    }

    /// <summary>What is wrong with a root, whatever is run in it.</summary>
    public static IEnumerable<Finding> ExamineRoot(ExaminedCommand command, DoctorHost host) =>
    [
        .. CudaDriverFileCheck.Examine(command),
        .. CudaToolkitCheck.Examine(command),
        .. CudaRequirementCheck.Examine(command, host, provided: null),
    ];
}
