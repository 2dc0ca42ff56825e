using Decant.Devices;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the host is what an image's environment says that it must be. As engines with NVIDIA's hook, a run with NVIDIA's GPUs is refused otherwise.</summary>
public static class CudaRequirementCheck
{
    const string Prefix = "NVIDIA_REQUIRE_";
    const string Off = "NVIDIA_DISABLE_REQUIRE";
    const int MostCharacters = 120;

    /// <summary>Why a run with GPUs of the host does not start; null where it does. As NVIDIA's hook has it, every one of them counts, and libraries of the image's own count for nothing.</summary>
    /// <param name="nodes">The device nodes that the run gets.</param>
    public static DecantException? Refusal(LaunchEnvironment environment, DoctorHost host, IReadOnlyList<string> nodes) => Examine(environment, host, null, nodes).FirstOrDefault() is { } finding
        ? new DecantException($"{finding.Cause} ({finding.Evidence[0]})", $"{finding.Fix}; -e {Off}=1 starts it all the same")
        : null;

    /// <summary>An error where the run is given GPUs, as it is refused then; without, it may get them in another way.</summary>
    /// <param name="provided">The CUDA that the program gets from a libcuda of its own; null for the driver's.</param>
    internal static IEnumerable<Finding> Examine(ExaminedCommand command, DoctorHost host, Version? provided) => command.GpuNodes is { } nodes
        ? Examine(command.Environment, host, null, nodes).Select(finding => finding with { Severity = FindingSeverity.Error })
        : Examine(command.Environment, host, provided, null);

    /// <param name="nodes">Of the GPUs that count, each of which must do; null for all, of which one must do, as it is not known which one is used.</param>
    static IEnumerable<Finding> Examine(LaunchEnvironment environment, DoctorHost host, Version? provided, IReadOnlyList<string>? nodes)
    {
        if (host.Driver is not { } driver || environment[Off] is "1" or "t" or "T" or "true" or "TRUE" or "True")
            yield break;
        foreach (EnvironmentVariable variable in environment.Variables)
        {
            if (!variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            CudaRequirement requirement = CudaRequirement.Parse(variable.Value);
            NvidiaGpu?[] gpus = [.. host.Gpus.Where(gpu => nodes?.Contains($"/dev/nvidia{gpu.Minor}") ?? true)];
            if (gpus.Length == 0)
                gpus = [null];
            NvidiaGpu?[] unmet = Array.FindAll(gpus, gpu => requirement.Holds(Facts(driver, gpu, provided)) is false);
            if (nodes is null ? unmet.Length == gpus.Length : unmet.Length > 0)
                yield return Unmet(variable, requirement, driver, unmet[0]);
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
