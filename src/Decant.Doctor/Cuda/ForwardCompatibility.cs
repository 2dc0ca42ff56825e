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
    /// <param name="gpus">That it is to work with too, which the hook does not look at; none where that does not matter.</param>
    public static string? Directory(RootView view, CudaCompatRequest request, params IReadOnlyList<NvidiaGpu> gpus)
    {
        RootEntry directory = view.Resolve(request.Directory);
        if ((request.DriverVersion ?? request.CudaVersion) is null || !directory.Exists || !directory.Status.IsDirectory)
            return null;
        string[] libraries = [.. view.Names(directory.Path)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.AsSpan(Prefix.Length).Contains('.'))
            .Select(name => LinuxPath.Join(directory.Path, name))
            .Where(path => view.Resolve(path, followLast: false) is { Exists: true, Status.IsRegular: true })];
        // The hook leaves alone what it does not expect.
        return libraries.Length == 1 && CudaCompat.Read(new RootIndex(view, []), libraries[0]) is { } compat && IsMeant(compat, request)
            && !(gpus.Count > 0 && NvidiaDriver.Parse(request.DriverVersion ?? "") is { } kernel && compat.WhyNot(kernel, gpus) is not null) ? directory.Path : null;
    }

    static bool IsMeant(CudaCompat compat, CudaCompatRequest request)
    {
        NvidiaDriver? host = request.DriverVersion is { } driver ? NvidiaDriver.Parse(driver) : null;
        if (compat.Branches is { } branches && host is not null)
            return branches.Contains(host.Version.Major) && compat.Driver.Version > host.Version;
        // On Jetson drivers have no versions to compare, and the note tells of CUDA.
        if (request.CudaVersion is { } text)
            return Version.TryParse(text.Contains('.') ? text : text + ".0", out Version? cuda) && compat.Cuda > cuda;
        return host is not null && compat.Driver.Version.Major > host.Version.Major;
    }
}
