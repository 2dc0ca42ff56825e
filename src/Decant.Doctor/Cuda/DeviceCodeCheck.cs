using Decant.Devices;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the GPU code of programs and libraries runs on the GPUs of the host.</summary>
static class DeviceCodeCheck
{
    /// <returns>Nothing where no GPU is known.</returns>
    public static IEnumerable<Finding> Examine(CudaProcess process, DoctorHost host)
    {
        if (!host.Gpus.Any(gpu => gpu.ComputeCapability is not null))
            yield break;
        List<Finding> findings = [];
        bool anyRuns = false;
        foreach (LoadedObject one in process.Objects)
        {
            IReadOnlyList<DeviceCode> code = Of(one);
            if (Judge(one.Path, code, host) is { } finding)
                findings.Add(finding);
            else
                anyRuns |= code.Any(own => own.HasKernels);
        }

        // Where some of it runs, the rest may never be asked.
        foreach (Finding finding in findings)
            yield return anyRuns ? finding : finding with { Severity = FindingSeverity.Error };
    }

    /// <summary>A warning where none of the host's GPUs that are known runs the code of a file; null for one that has none.</summary>
    public static Finding? Judge(string path, IReadOnlyList<DeviceCode> code, DoctorHost host)
    {
        DeviceCode[] own = [.. code.Where(one => one.HasKernels)];
        NvidiaGpu[] gpus = [.. host.Gpus.Where(gpu => gpu.ComputeCapability is not null).DistinctBy(gpu => gpu.ComputeCapability)];
        if (own.Length == 0 || gpus.Length == 0 || gpus.Length < host.Gpus.DistinctBy(gpu => gpu.ComputeCapability).Count() || gpus.Any(gpu => own.Any(one => one.RunsOn(gpu.ComputeCapability!))))
            return null;
        string printable = PathBytes.Printable(path);
        Version capability = gpus[0].ComputeCapability!;
        return new Finding
        {
            Id = "cuda-no-code-for-gpu",
            Severity = FindingSeverity.Warning,
            Cause = $"{printable} has no code for a {gpus[0].Model}, of compute capability {capability}",
            Message = "no kernel image is available for execution on the device",
            Evidence = [$"{printable} has {string.Join(", ", own.AsEnumerable())}", .. gpus.Select(gpu => $"the host has a {gpu.Model}, which runs sm_{gpu.ComputeCapability!.Major}{gpu.ComputeCapability.Minor}")],
            Fix = $"install a build for it: of one's own, nvcc -gencode arch=compute_{capability.Major}{capability.Minor},code=sm_{capability.Major}{capability.Minor}; of PyTorch, a release for another CUDA",
        };
    }

    /// <summary>None where it cannot be read.</summary>
    public static IReadOnlyList<DeviceCode> Of(LoadedObject one)
    {
        try
        {
            return one.File.DeviceCode();
        }
        catch (ElfFormatException)
        {
            return [];
        }
    }
}
