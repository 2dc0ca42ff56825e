using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the image's libc is new enough for the libcuda that CUDA opens while the program runs.</summary>
static class CudaDriverLoadCheck
{
    /// <returns>A warning at most: the program starts, and may do without a GPU.</returns>
    public static IEnumerable<Finding> Examine(CudaProcess process)
    {
        // What a program needs at its start is told of the program.
        if (process.Driver is not { Object: { } libcuda } driver || process.Objects.Any(one => one.Lookups.Contains(driver)))
            yield break;
        if (new LoadFindings(process.Command, process.Open(libcuda), LoadWording.OfPlugin).Find().FirstOrDefault(finding => finding.Id == "glibc-too-old") is { } fatal)
        {
            yield return new Finding
            {
                Id = "cuda-driver-unloadable",
                Severity = FindingSeverity.Warning,
                Cause = $"{process.Program} opens {PathBytes.Printable(libcuda.Path)}, which cannot be loaded there: {fatal.Cause}",
                Message = fatal.Message,
                Evidence = fatal.Evidence,
                Fix = "use an image whose glibc is as new as the host's driver needs",
            };
        }
    }
}
