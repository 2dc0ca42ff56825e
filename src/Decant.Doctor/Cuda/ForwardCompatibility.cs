using Decant.Devices;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether an image's own libcuda is to be used in place of the host's, as NVIDIA's hook enable-cuda-compat decides it (container toolkit).</summary>
public static class ForwardCompatibility
{
    const string Prefix = "libcuda.so.";

    /// <summary>The directory of the image's user-mode driver, without links; null where there is none, or the host's is to be used.</summary>
    /// <param name="view">The image.</param>
    public static string? Directory(RootView view, CudaCompatRequest request)
    {
        RootEntry directory = view.Resolve(request.Directory);
        if (request.DriverVersion is null || NvidiaDriver.Parse(request.DriverVersion) is not { } host || !directory.Exists || !directory.Status.IsDirectory)
            return null;
        string[] libraries = [.. view.Names(directory.Path).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.AsSpan(Prefix.Length).Contains('.'))];
        // The hook leaves alone what it does not expect.
        if (libraries.Length != 1 || CudaCompat.Of(new RootIndex(view, []), LinuxPath.Join(directory.Path, libraries[0])) is not { } compat)
            return null;
        bool isMeant = compat.Branches is { } branches
            ? branches.Contains(host.Version.Major) && compat.Driver.Version > host.Version
            : compat.Driver.Version.Major > host.Version.Major;
        return isMeant ? directory.Path : null;
    }
}
