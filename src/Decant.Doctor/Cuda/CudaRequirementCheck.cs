using Decant.Devices;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the host is what an image's environment says that it must be. Engines with NVIDIA's hook refuse to start otherwise; a native run does not.</summary>
static class CudaRequirementCheck
{
    const string Prefix = "NVIDIA_REQUIRE_";
    const string Off = "NVIDIA_DISABLE_REQUIRE";
    const int MostCharacters = 120;

    /// <param name="provided">The CUDA that the program gets from a libcuda of its own; null for the driver's.</param>
    public static IEnumerable<Finding> Examine(ExaminedCommand command, DoctorHost host, Version? provided)
    {
        if (host.Driver is not { } driver || command.Environment[Off] is "1" or "t" or "T" or "true" or "TRUE" or "True")
            yield break;
        foreach (EnvironmentVariable variable in command.Environment.Variables)
        {
            if (!variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            CudaRequirement requirement = CudaRequirement.Parse(variable.Value);
            NvidiaGpu?[] gpus = host.Gpus.Count == 0 ? [null] : [.. host.Gpus];
            if (Array.Find(gpus, gpu => requirement.Holds(Facts(driver, gpu, provided)) is false) is var unmet && Array.TrueForAll(gpus, gpu => requirement.Holds(Facts(driver, gpu, provided)) is false))
                yield return Unmet(variable, requirement, driver, unmet);
        }
    }

    static CudaFacts Facts(NvidiaDriver driver, NvidiaGpu? gpu, Version? provided) =>
        new(provided ?? CudaRelease.Of(driver.Version), driver.Version, gpu?.ComputeCapability, gpu?.Brand);

    static Finding Unmet(EnvironmentVariable variable, CudaRequirement requirement, NvidiaDriver driver, NvidiaGpu? gpu)
    {
        string value = PathBytes.Printable(variable.Value);
        string cuda = CudaRelease.Of(driver.Version)?.ToString() ?? "before 9";
        return new Finding
        {
            Id = "cuda-requirement-unmet",
            Severity = FindingSeverity.Warning,
            Cause = $"the image wants {(requirement.Cuda is { } wanted ? $"CUDA {wanted} or later of the driver" : $"by {variable.Name} another driver or GPU")}, and the host has the driver {driver.Text}, of CUDA {cuda}",
            Message = "nvidia-container-cli: requirement error: unsatisfied condition",
            Evidence =
            [
                $"{variable.Name}={(value.Length > MostCharacters ? value[..MostCharacters] + "..." : value)}",
                $"the host has the driver {driver.Text}{(gpu is null ? "" : $" and a {gpu.Model}")}",
            ],
            Fix = requirement.Cuda is { } least && CudaRelease.Find(least) is { } release
                ? $"upgrade the NVIDIA driver of the host to the branch {release.Driver.Major} or later"
                : $"use an image for CUDA {cuda}, or {Off}=1 where the program works all the same",
        };
    }
}
