using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers to the errors of CUDA, from what the image and the host have.</summary>
static class CudaExplanation
{
    const int MostAnswers = 6;

    /// <param name="kind">One of CUDA's.</param>
    public static Finding Of(ExaminedCommand command, DoctorHost host, KnownMessageKind kind) => kind switch
    {
        KnownMessageKind.Driver => NoDevice(command, host),
        KnownMessageKind.DriverTooOld => TooOld(command, host),
        KnownMessageKind.NoKernelImage => NoKernelImage(host),
        KnownMessageKind.PtxTooNew => PtxTooNew(command, host),
        KnownMessageKind.DriverMismatch or KnownMessageKind.CompatUnsupported => Mismatch(command, host, kind),
        _ => Stub(command),
    };

    static Finding NoDevice(ExaminedCommand command, DoctorHost host)
    {
        string[] places = Places(command);
        string image = places.Length == 0 ? "the image has no libcuda.so.1, as it should not: it belongs to the driver of the host" : $"the libcuda.so.1 in {places[0]} is the image's own, and may not fit the driver of the host";
        return Error("gpu-driver-missing", image, [.. places.Select(place => $"libcuda.so.1 is in {place}"), .. Host(host)], "run with --gpus all; decant host shows the GPUs");
    }

    static Finding TooOld(ExaminedCommand command, DoctorHost host)
    {
        IReadOnlyList<CudaToolkit> toolkits = command.Root.Cuda.Toolkits;
        string newest = toolkits.Count == 0 ? "a CUDA" : $"CUDA {toolkits[^1].Version}";
        string least = toolkits.Count > 0 && CudaRelease.Floor(toolkits[^1].Version.Major) is { } floor ? floor : "the one that its CUDA came with";
        return Error(
            "cuda-driver-too-old", $"the program is for {newest}, and the driver that it found is older{(host.Driver is null ? ", or none" : "")}", [.. Toolkits(command), .. Host(host), .. Compats(command, host)],
            $"upgrade the NVIDIA driver of the host to {least} or later; or, where the image has a cuda-compat for it, LD_LIBRARY_PATH=its directory: decant doctor IMAGE -- COMMAND finds out");
    }

    static Finding NoKernelImage(DoctorHost host) => Error(
        "cuda-no-code-for-gpu", "a library of the program has no code for the GPU that it ran on", Host(host),
        "decant ldd --device-code IMAGE PROGRAM lists what each library has; install a build for the GPU");

    static Finding PtxTooNew(ExaminedCommand command, DoctorHost host) => Error(
        "cuda-driver-too-old", "the program has PTX from a compiler that is newer than the driver, which is to compile it for its GPU", [.. Toolkits(command), .. Host(host)],
        "upgrade the NVIDIA driver of the host to the one that came with that CUDA, or build with machine code for the GPU");

    static Finding Mismatch(ExaminedCommand command, DoctorHost host, KnownMessageKind kind)
    {
        string[] places = Places(command);
        string cause = kind == KnownMessageKind.CompatUnsupported
            ? "the program got a libcuda of a newer driver than the kernel's, which works on GPUs for data centres alone"
            : "the program got a libcuda of another driver than the kernel's";
        return Error(
            "cuda-driver-mismatch", cause, [.. places.Select(place => $"libcuda.so.1 is in {place}"), .. Host(host), .. Compats(command, host)],
            places.Length > 0 ? $"take {places[0]} out of LD_LIBRARY_PATH and of /etc/ld.so.conf.d, then run ldconfig" : "load the kernel module that belongs to the libraries, after an upgrade by a restart");
    }

    static Finding Stub(ExaminedCommand command) => Error(
        "cuda-driver-stub", "the program got a libcuda to link against, not the driver's", [.. Places(command).Select(place => $"libcuda.so.1 is in {place}")],
        "take directories named stubs out of LD_LIBRARY_PATH");

    static string[] Places(ExaminedCommand command) => [.. command.Root.LibraryDirectories("libcuda.so.1").Select(PathBytes.Printable).Take(MostAnswers)];

    static IEnumerable<string> Toolkits(ExaminedCommand command) => command.Root.Cuda.Toolkits.Select(toolkit => $"CUDA {toolkit.Version} is in {PathBytes.Printable(toolkit.Directory)}");

    static IEnumerable<string> Compats(ExaminedCommand command, DoctorHost host)
    {
        foreach (CudaCompat compat in command.Root.Cuda.Compats)
        {
            string judged = host.Driver is not { } driver ? "" : compat.WhyNot(driver, host.Gpus) is { } why ? $", which does not work here: {why}" : ", which works here";
            yield return $"{PathBytes.Printable(compat.Path)} is a libcuda of CUDA {compat.Provides}{judged}";
        }
    }

    static IReadOnlyList<string> Host(DoctorHost host)
    {
        if (host.Driver is not { } driver)
            return ["this host shows no NVIDIA driver"];
        return
        [
            $"this host has the driver {driver.Text}, of CUDA {CudaRelease.Of(driver.Version)?.ToString() ?? "before 9"}",
            .. host.Gpus.DistinctBy(gpu => gpu.Model).Select(gpu => $"this host has a {gpu.Model}{(gpu.ComputeCapability is { } capability ? $", of compute capability {capability}" : "")}"),
        ];
    }

    static Finding Error(string id, string cause, IReadOnlyList<string> evidence, string fix) => new()
    {
        Id = id,
        Severity = FindingSeverity.Error,
        Cause = cause,
        Evidence = evidence,
        Fix = fix,
    };
}
