using Decant.Devices;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the driver of the host runs the CUDA that a program was built with, or what the image brings to make up for it.</summary>
static class CudaDriverCheck
{
    const string LibraryPath = "LD_LIBRARY_PATH";

    /// <returns>Nothing where no driver is visible: of a host that only builds or tests nothing is known.</returns>
    public static IEnumerable<Finding> Examine(CudaProcess process, DoctorHost host)
    {
        if (host.Driver is not { } driver)
            yield break;
        CudaCompat? bound = process.Driver?.Object is { } libcuda ? CudaCompat.Of(process.Command.Root, libcuda.Path) : null;
        // The kernel's own user-mode part has its very version.
        if (bound is not null && bound.Driver.Version != driver.Version)
        {
            if (bound.WhyNot(driver, host.Gpus) is { } why)
            {
                yield return Mismatch(process, driver, bound, why);
                yield break;
            }

            // It stands in for a newer driver; what it provides is what counts.
            if (process.Runtime?.Version is { } wanted && bound.Provides is { } provided && provided.Major >= wanted.Major)
                yield break;
        }

        if (process.Runtime is { Version: { } version } runtime)
        {
            Version toolkit = new(version.Major, version.Minor);
            switch (CudaRelease.Judge(toolkit, driver))
            {
                case CudaSupport.None:
                    yield return TooOld(process, host, driver, runtime, toolkit);
                    break;
                case CudaSupport.WithoutCompiling when WhatNeedsCompiling(process, host) is { } library:
                    yield return CannotCompile(driver, toolkit, library, host);
                    break;
                default:
                    break;
            }
        }
    }

    static Finding TooOld(CudaProcess process, DoctorHost host, NvidiaDriver driver, CudaLibrary runtime, Version toolkit)
    {
        string least = CudaRelease.Floor(toolkit.Major) ?? CudaRelease.Find(toolkit)!.Driver.ToString();
        List<string> evidence =
        [
            $"{process.Program} binds {PathBytes.Printable(runtime.Path)}: CUDA {toolkit}",
            $"CUDA {toolkit.Major} runs on drivers from {least} on; the kernel's driver is {driver.Text}, of CUDA {CudaRelease.Of(driver.Version)?.ToString() ?? "before 9"}",
        ];
        List<EnvironmentChange> candidates = [];
        foreach (CudaCompat compat in process.Command.Root.Cuda.Compats)
        {
            string path = PathBytes.Printable(compat.Path);
            if (compat.WhyNot(driver, host.Gpus) is { } why)
                evidence.Add($"{path} does not help: {why}");
            else if (compat.Provides is { } provided && provided.Major < toolkit.Major)
                evidence.Add($"{path} does not help: it is of CUDA {provided}");
            else
                candidates.Add(EnvironmentChange.Prepend(LibraryPath, process.Command.Environment[LibraryPath], compat.Directory, $"{PathBytes.Printable(compat.Directory)} has CUDA {compat.Provides} for the driver {driver.Text}"));
        }

        return new Finding
        {
            Id = "cuda-driver-too-old",
            Severity = FindingSeverity.Error,
            Cause = $"{process.Program} is for CUDA {toolkit}, which needs a driver from {least} on, and the host has {driver.Text}",
            Message = "CUDA driver version is insufficient for CUDA runtime version",
            Evidence = evidence,
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : $"upgrade the NVIDIA driver of the host to {least} or later, or use an image for CUDA {CudaRelease.Of(driver.Version)?.ToString() ?? "8"}",
        };
    }

    static Finding CannotCompile(NvidiaDriver driver, Version toolkit, LoadedObject library, DoctorHost host)
    {
        string path = PathBytes.Printable(library.Path);
        string least = CudaRelease.Find(toolkit) is { } release ? $"to the branch {release.Driver.Major} or later" : $"to the one that came with CUDA {toolkit}";
        return new Finding
        {
            Id = "cuda-driver-too-old",
            Severity = FindingSeverity.Warning,
            Cause = $"{path} has only PTX for the host's GPU, and the driver {driver.Text} does not compile what CUDA {toolkit} has made",
            Message = "the provided PTX was compiled with an unsupported toolchain.",
            Evidence = [.. host.Gpus.DistinctBy(gpu => gpu.Model).Select(gpu => $"the host has a {gpu.Model}, of compute capability {gpu.ComputeCapability}"), $"{path} has {string.Join(", ", library.File.DeviceCode())}", $"the driver {driver.Text} knows the PTX of CUDA {CudaRelease.Of(driver.Version)} and older"],
            Fix = $"upgrade the NVIDIA driver of the host {least}, or build with machine code for the GPU",
        };
    }

    /// <summary>A library whose only code for a GPU of the host is PTX.</summary>
    static LoadedObject? WhatNeedsCompiling(CudaProcess process, DoctorHost host)
    {
        if (host.Gpus.Select(gpu => gpu.ComputeCapability).FirstOrDefault(capability => capability is not null) is not { } capability)
            return null;
        foreach (LoadedObject one in process.Objects)
        {
            DeviceCode[] code = [.. DeviceCodeCheck.Of(one).Where(code => code.HasKernels && code.RunsOn(capability))];
            if (code.Length > 0 && Array.TrueForAll(code, own => own.IsPtx))
                return one;
        }

        return null;
    }

    static Finding Mismatch(CudaProcess process, NvidiaDriver driver, CudaCompat bound, string why)
    {
        string path = PathBytes.Printable(process.Driver!.Object!.Path);
        List<EnvironmentChange> candidates = [];
        if (process.Driver.Rule == BindingRule.LibraryPath)
            candidates.Add(EnvironmentChange.Remove(LibraryPath, process.Command.Environment[LibraryPath], LinuxPath.Parent(process.Driver.Object.Path), $"the libcuda there, {bound.Driver.Text}, does not work with the driver {driver.Text}"));
        return new Finding
        {
            Id = "cuda-driver-mismatch",
            Severity = FindingSeverity.Error,
            Cause = $"{process.Program} gets the libcuda of the driver {bound.Driver.Text} from {path}, and the kernel has {driver.Text}: {why}",
            Message = bound.Driver.Version > driver.Version ? "forward compatibility was attempted on non supported HW" : "system has unsupported display driver / cuda driver combination",
            Evidence = [$"libcuda.so.1 is {path}{(path == PathBytes.Printable(bound.Path) ? "" : $", which leads to {PathBytes.Printable(bound.Path)}")}", $"/proc/driver/nvidia/version says {driver.Text}"],
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : $"take {PathBytes.Printable(LinuxPath.Parent(path))} out of what the loader searches, so that it finds the libcuda of the host's driver",
        };
    }
}
