using Decant.Elf;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>
/// The user-space half of the NVIDIA driver: every library whose name ends in the version of the kernel's module, in the directories in which
/// the host's loader, distributions and vendors have them (the rule of NVIDIA's container toolkit). Libraries that are not of the driver, such as
/// libGL of GLVND, do not end so and stay the image's.
/// </summary>
public sealed record NvidiaDriverFiles
{
    const string Cache = "/etc/ld.so.cache";

    static readonly string[] directories =
    [
        "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/nvidia/lib64",
        "/usr/lib/x86_64-linux-gnu/nvidia/current", "/usr/lib/aarch64-linux-gnu/nvidia/current", "/run/opengl-driver/lib", "/usr/lib/wsl/lib",
    ];

    static readonly string[] programDirectories = ["/usr/bin", "/usr/local/nvidia/bin", "/usr/sbin", "/bin", "/run/current-system/sw/bin", "/usr/lib/wsl/lib"];

    static readonly (string Path, DriverCapabilities For)[] vendorFiles =
    [
        .. ((string[])[
            "/usr/share/glvnd/egl_vendor.d/10_nvidia.json", "/usr/share/vulkan/icd.d/nvidia_icd.json", "/usr/share/vulkan/icd.d/nvidia_layers.json", "/usr/share/vulkan/implicit_layer.d/nvidia_layers.json",
            "/etc/vulkan/icd.d/nvidia_icd.json", "/etc/vulkan/implicit_layer.d/nvidia_layers.json", "/usr/share/egl/egl_external_platform.d/15_nvidia_gbm.json",
            "/usr/share/egl/egl_external_platform.d/10_nvidia_wayland.json", "/usr/share/nvidia/nvoptix.bin"]).Select(path => (path, DriverCapabilities.Graphics)),
        ("/etc/OpenCL/vendors/nvidia.icd", DriverCapabilities.Compute),
    ];

    /// <summary>By file name.</summary>
    public required IReadOnlyList<DriverFile> Libraries { get; init; }

    public required IReadOnlyList<DriverFile> Programs { get; init; }

    /// <summary>Of daemons that libraries speak to: persistence, fabric manager.</summary>
    public required IReadOnlyList<string> Sockets { get; init; }

    /// <summary>By which libraries of all vendors' graphics and OpenCL find NVIDIA's.</summary>
    public required IReadOnlyList<string> VendorFiles { get; init; }

    /// <summary>Looks at names, and into the headers of the libraries that it finds; runs nothing.</summary>
    /// <param name="driver">Of the kernel.</param>
    /// <param name="capabilities">What is wanted of it.</param>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static NvidiaDriverFiles Probe(NvidiaDriver driver, DriverCapabilities capabilities, string root = "/")
    {
        string prefix = root.TrimEnd('/');
        SortedDictionary<string, DriverFile> libraries = new(StringComparer.Ordinal);
        foreach (string directory in Directories(prefix))
        {
            foreach (string name in Names(prefix + directory))
            {
                if ((name.EndsWith($".so.{driver.Text}", StringComparison.Ordinal) || HasOwnVersion(name)) && (Of(name) & capabilities) != 0 && !libraries.ContainsKey(name) && Real(prefix, $"{directory}/{name}") is { } path)
                    libraries.Add(name, new DriverFile(path, Links(prefix, directory, name, driver)));
            }
        }

        List<DriverFile> programs = [];
        foreach (string name in ProgramNames(capabilities))
        {
            if (programDirectories.Select(directory => Real(prefix, $"{directory}/{name}")).FirstOrDefault(path => path is not null && IsProgram(prefix + path)) is { } path)
                programs.Add(new DriverFile(path, [name]));
        }

        return new NvidiaDriverFiles
        {
            Libraries = [.. libraries.Values],
            Programs = programs,
            VendorFiles = [.. vendorFiles.Where(file => (file.For & capabilities) != 0).Select(file => file.Path).Where(path => LinuxFile.TryStatus(null, prefix + path, follow: true, out _) == Errno.None)],
            Sockets = [.. ((string[])["/run/nvidia-persistenced/socket", "/run/nvidia-fabricmanager/socket", "/tmp/nvidia-mps"]).Where(path => LinuxFile.TryStatus(null, prefix + path, follow: true, out _) == Errno.None)],
        };
    }

    /// <summary>Of the driver, though it ends in a version of its own (NVIDIA's container toolkit).</summary>
    static bool HasOwnVersion(string name)
    {
        int end = name.IndexOf(".so.", StringComparison.Ordinal);
        return end >= 0 && name[..end] switch
        {
            "libnvidia-nvvm70" => true,
            "libnvidia-egl-gbm" or "libnvidia-egl-wayland" or "libnvidia-egl-wayland2" or "libnvidia-egl-xcb" or "libnvidia-egl-xlib" => name.AsSpan(end + ".so.".Length).Contains('.'),
            _ => false,
        };
    }

    /// <summary>What a library is for, by its name (the lists of libnvidia-container).</summary>
    internal static DriverCapabilities Of(string name)
    {
        string stem = name[..name.IndexOf(".so.", StringComparison.Ordinal)];
        return stem switch
        {
            "libcuda" or "libcudadebugger" or "libnvidia-opencl" or "libnvidia-ptxjitcompiler" or "libnvidia-fatbinaryloader" or "libnvidia-compiler" or "libnvidia-pkcs11"
                or "libnvidia-pkcs11-openssl3" or "libnvidia-tileiras" or "libnvidia-sandboxutils" => DriverCapabilities.Compute,
            _ when stem.StartsWith("libnvidia-nvvm", StringComparison.Ordinal) => DriverCapabilities.Compute,
            "libnvidia-allocator" or "libnvidia-gpucomp" => DriverCapabilities.Compute | DriverCapabilities.Graphics,
            "libnvidia-ml" or "libnvidia-cfg" or "libnvidia-nscq" => DriverCapabilities.Utility,
            "libvdpau_nvidia" or "libnvidia-encode" or "libnvidia-opticalflow" or "libnvcuvid" => DriverCapabilities.Video,
            _ => DriverCapabilities.Graphics,
        };
    }

    static IEnumerable<string> ProgramNames(DriverCapabilities capabilities) =>
    [
        .. (capabilities & DriverCapabilities.Utility) != 0 ? ["nvidia-smi", "nvidia-debugdump", "nvidia-persistenced"] : Array.Empty<string>(),
        .. (capabilities & DriverCapabilities.Compute) != 0 ? ["nvidia-cuda-mps-control", "nvidia-cuda-mps-server", "nvidia-imex", "nvidia-imex-ctl"] : Array.Empty<string>(),
    ];

    /// <summary>Those that the host's loader takes libcuda and NVML from first, wherever links lead.</summary>
    static IEnumerable<string> Directories(string prefix)
    {
        List<string> all = [];
        foreach (string path in Cached(prefix).Concat(directories.SelectMany(directory => (string[])[$"{directory}/libcuda.so.1", $"{directory}/libnvidia-ml.so.1"])))
        {
            if (Real(prefix, path) is { } real)
                all.Add(LinuxPath.Parent(real));
        }

        foreach (string directory in all.Concat(directories).Distinct(StringComparer.Ordinal))
        {
            yield return directory;
            yield return $"{directory}/vdpau";
        }
    }

    static IEnumerable<string> Cached(string prefix)
    {
        if (LinuxFile.TryReadAll(null, prefix + Cache, out byte[] bytes) != Errno.None)
            return [];
        try
        {
            return [.. LdSoCache.Parse(bytes, Cache).Entries.Where(entry => entry.Soname is "libcuda.so.1" or "libnvidia-ml.so.1").Select(entry => entry.Path)];
        }
        catch (ElfFormatException)
        {
            // The host's loader reads it no better.
            return [];
        }
    }

    static List<string> Links(string prefix, string directory, string name, NvidiaDriver driver)
    {
        string stem = name[..(name.LastIndexOf(".so.", StringComparison.Ordinal) + ".so".Length)];
        SortedSet<string> names = new(StringComparer.Ordinal);
        try
        {
            using FileStream file = new(prefix + directory + "/" + name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (ElfFile.ReadSoname(file, name).Soname is { } soname)
                names.Add(soname);
        }
        catch (Exception e) when (e is IOException or ElfFormatException or UnauthorizedAccessException)
        {
            // Recorded trees have names only; a damaged library is found out by who loads it.
        }

        foreach (string other in Names(prefix + directory))
        {
            if (other != name && (other == stem || other.StartsWith(stem + ".", StringComparison.Ordinal)) && Real(prefix, $"{directory}/{other}") is { } real && LinuxPath.Name(real) == name)
                names.Add(other);
        }

        // What programs are linked against, and CUDA opens by this name (NVIDIA's container toolkit makes it too).
        if (stem == "libcuda.so")
            names.UnionWith(["libcuda.so", "libcuda.so.1"]);
        names.Remove(name);
        return [.. names];
    }

    /// <summary>Not a script that starts another file of the host's.</summary>
    static bool IsProgram(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read);
            Span<byte> start = stackalloc byte[4];
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && ElfFile.HasMagic(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string? Real(string prefix, string path)
    {
        if (LinuxFile.TryRealPath(prefix + path, out string? real) != Errno.None || real is null || !real.StartsWith(prefix + "/", StringComparison.Ordinal))
            return null;
        return real[prefix.Length..];
    }

    static List<string> Names(string directory)
    {
        if (LinuxFile.TryOpen(null, directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        using (handle)
            return LinuxFile.Names(handle!, directory);
    }
}
