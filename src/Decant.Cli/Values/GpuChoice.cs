using System.Collections.Immutable;
using Decant.Devices;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>--gpus</c>: which GPUs of the host a run gets, with the driver's libraries and programs.</summary>
/// <param name="Text">Which: all, a number of them, "device=0,GPU-UUID"; none; and auto, which does what the image asks for, or else what the program does.</param>
/// <param name="Wanted">Parts of the driver, as NVIDIA_DRIVER_CAPABILITIES has them; empty for the image's own.</param>
sealed record GpuChoice(string Text, string Wanted = "")
{
    const string Asked = "NVIDIA_VISIBLE_DEVICES";
    const string Unsaid = "unsaid";
    const string Capabilities = "NVIDIA_DRIVER_CAPABILITIES";
    const string Visible = "CUDA_VISIBLE_DEVICES";
    const string DriverDirectory = "/usr/local/nvidia";

    /// <summary>As docker: which, and "capabilities=compute,utility"; in quotation marks where a list is one field, which is understood without them too.</summary>
    public static GpuChoice Parse(string text)
    {
        string which = "";
        List<string> bare = [], devices = [], capabilities = [];
        List<string>? list = null;
        foreach (string field in CsvFields.Split(text))
        {
            int equals = field.IndexOf('=');
            string value = field[(equals + 1)..];
            switch (equals < 0 ? "" : field[..equals])
            {
                case "" when list is not null:
                    list.Add(value);
                    break;
                case "":
                    bare.Add(value);
                    break;
                case "count":
                    which = value == "-1" ? "all" : value;
                    break;
                case "device":
                    list = devices;
                    list.AddRange(value.Split(','));
                    break;
                case "capabilities":
                    list = capabilities;
                    list.AddRange(value.Split(','));
                    break;
                case "driver" when value == "nvidia":
                    break;
                default:
                    throw new DecantException($"{PathBytes.Printable(field)} is nothing that decant knows of GPUs", "all, none, auto, a number of them, or device=0,1; and capabilities=compute,utility");
            }
        }

        bare.RemoveAll(word => word.Length == 0);
        // gpu and nvidia say what it is about.
        capabilities.RemoveAll(one => one is "" or "gpu" or "nvidia");
        // A number by itself is how many; more than one word, and names, are which.
        if (bare.Count > 1 || bare.Exists(GpuNames.IsName))
            devices.AddRange(bare);
        else if (bare.Count == 1)
            which = bare[0] == "-1" ? "all" : bare[0];
        devices.RemoveAll(device => device.Length == 0);
        if (which.Length > 0 && devices.Count > 0)
            throw new DecantException("a number of GPUs and their names at once", "leave one of them away");
        if (which.Length == 0 && devices.Count == 0 && (capabilities.Count == 0 || list == devices))
            throw new DecantException("it names no GPU", "all, none, auto, a number of them, or device=0,1 with their numbers or UUIDs");
        return new GpuChoice(devices.Count > 0 ? $"device={string.Join(',', devices.Distinct())}" : which.Length > 0 ? which : "1", string.Join(',', capabilities));
    }

    /// <summary>The launch with the GPUs in it.</summary>
    /// <exception cref="DecantException">There are none, or not these.</exception>
    /// <param name="usesCuda">auto, of an image that says nothing: whether the program wants a GPU.</param>
    public LaunchSpec Apply(LaunchSpec spec, Func<LaunchSpec, bool> usesCuda)
    {
        string wanted = Text == "auto" ? Value(spec, Asked) ?? Unsaid : Text;
        // Of an image's variable 0 is the first GPU; as a number of them it is none.
        if ((wanted == "0" && Text != "auto") || wanted is "none" or "void" or "")
            return spec;
        GpuDevices host = GpuDevices.Probe();
        if (Text == "auto" && host.Nodes.Count == 0)
            return spec;
        if (wanted == Unsaid)
        {
            if (!host.Nodes.Any(node => node.Kind is GpuNodeKind.NvidiaGpu or GpuNodeKind.NvidiaTegra or GpuNodeKind.Wsl) || !usesCuda(spec))
                return spec;
            wanted = "all";
        }

        string option = $"--gpus {Text}";
        // What an image asks for by NVIDIA's variable are NVIDIA's GPUs, and counted among them.
        IReadOnlyList<HostGpu> gpus = Text == "auto" ? [.. host.Gpus.Where(gpu => gpu.Vendor == GpuVendor.Nvidia)] : host.Gpus;
        IReadOnlyList<HostGpu>? chosen = new GpuNames(Text, gpus).Choose(wanted);
        if (Text == "auto" && gpus.Count > 0)
            chosen ??= gpus;
        List<DeviceRequest> nodes = [.. host.NodesOf(chosen).Select(node => new DeviceRequest(node.Path, node.Path, option))];
        if (nodes.Count == 0)
            throw new DecantException($"{option}: this host has no GPU's device node in /dev", "decant host");
        HostGpu[] nvidia = chosen is null ? [] : [.. chosen.Where(gpu => gpu.Vendor == GpuVendor.Nvidia)];
        bool hasNvidia = chosen is null || nvidia.Length > 0;
        // Without a device cgroup root could make the other nodes again. Of a divided GPU this would name the whole, which programs cannot use.
        ImmutableArray<EnvRequest> env = nvidia.Length > 0 && Array.TrueForAll(nvidia, gpu => gpu.Uuid is not null && gpu.Parts.Count == 0) && Value(spec, Visible) is null
            ? [.. spec.Env, new EnvRequest(Visible, string.Join(',', nvidia.Select(gpu => gpu.Uuid)), option)]
            : spec.Env;
        if (Wanted.Length > 0 && !spec.Env.Any(request => request.Name == Capabilities))
            env = [.. env, new EnvRequest(Capabilities, Wanted, option)];
        return spec with
        {
            Devices = [.. spec.Devices, .. nodes],
            Env = env,
            DeviceFiles = hasNvidia && host.NvidiaDriver is { } driver ? Files(NvidiaDriverFiles.Probe(driver, DriverCapabilityText.Parse(Value(spec with { Env = env }, Capabilities))), option) : null,
            DeviceEdits = hasNvidia && host.UsesTegraFiles ? Tegra(spec, option) : hasNvidia && host.IsWsl ? Wsl(option) : hasNvidia && host.NvidiaDriver is not null ? Driver(spec, host, chosen, option) : WithoutCompute(host, chosen, option),
        };
    }

    /// <summary>As NVIDIA's hooks have it: the driver's libraries make no nodes, which in a program that is root would be those of all GPUs; and a newer libcuda of the image's comes first.</summary>
    static DeviceEdits Driver(LaunchSpec spec, GpuDevices host, IReadOnlyList<HostGpu>? chosen, string option) => new()
    {
        Covers = [.. NvidiaParameters.WithoutDeviceFiles((chosen ?? host.Gpus).SelectMany(gpu => gpu.Parts).SelectMany(part => part.Nodes).ToHashSet()).Select(file => new FileRequest(file.Path, [.. file.Content]))],
        FirstLibraryDirectory = Compat(spec, new CudaCompatRequest(host.NvidiaDriver!.Text, null, CudaCompatRequest.UsualDirectory), [.. host.NvidiaGpus.Where(gpu => chosen is null || chosen.Any(one => one.BusLocation == gpu.BusLocation))]),
        Text = option,
    };

    static string? Compat(LaunchSpec spec, CudaCompatRequest request, params IReadOnlyList<NvidiaGpu> gpus) =>
        ForwardCompatibility.Directory(new RootView(spec.Image.Layers.AsSpan()), request, gpus);

    /// <summary>A GPU of AMD's that the kernel shows for graphics alone is given, and told to be no more than that. Beside one of NVIDIA's nobody computes on it.</summary>
    static DeviceEdits? WithoutCompute(GpuDevices host, IReadOnlyList<HostGpu>? chosen, string option) =>
        host.HasAmdCompute || !(chosen ?? host.Gpus).Any(gpu => gpu.Vendor == GpuVendor.Amd) || (chosen ?? host.Gpus).Any(gpu => gpu.Vendor == GpuVendor.Nvidia) ? null
        : new DeviceEdits { NotDone = ["/dev/kfd, which this host does not have: programs of ROCm find no GPU, those that draw or encode do (decant host)"], Text = option };

    /// <summary>What Jetson Linux lists for containers, at its own places.</summary>
    static DeviceEdits Tegra(LaunchSpec spec, string option)
    {
        (IReadOnlyList<string> files, IReadOnlyList<(string Target, string Link)> links) = NvidiaTegra.Files();
        return new DeviceEdits
        {
            Mounts = [.. files.Select(path => Mount(path, option))],
            Links = [.. links.Select(link => new LinkRequest(link.Target, link.Link))],
            LibraryDirectories = [.. files.Where(path => path.Contains(".so", StringComparison.Ordinal)).Select(LinuxPath.Parent).Distinct()],
            FirstLibraryDirectory = Nvml.TryOpen(out _)?.CudaVersion?.ToString() is not { } cuda ? null
                : Compat(spec, new CudaCompatRequest(null, cuda, CudaCompatRequest.OrinDirectory)) ?? Compat(spec, new CudaCompatRequest(null, cuda, CudaCompatRequest.UsualDirectory)),
            Text = option,
        };
    }

    /// <summary>The directory in which Windows shows its driver.</summary>
    static DeviceEdits Wsl(string option)
    {
        const string Directory = "/usr/lib/wsl";
        return !LinuxFile.Exists(Directory) ? new DeviceEdits { Text = option } : new DeviceEdits
        {
            Mounts = [Mount(Directory, option)],
            Links = LinuxFile.Exists($"{Directory}/lib/nvidia-smi") ? [new LinkRequest($"{Directory}/lib/nvidia-smi", "/usr/bin/nvidia-smi")] : [],
            LibraryDirectories = [$"{Directory}/lib"],
            Text = option,
        };
    }

    static MountRequest Mount(string path, string option) => new() { Kind = MountKind.Bind, Source = path, Target = path, ReadOnly = true, NoSuid = true, Text = option };

    static DeviceFiles Files(NvidiaDriverFiles files, string option) => new()
    {
        Directory = DriverDirectory,
        Libraries = [.. files.Libraries.Select(file => new DeviceFile(file.Path, [.. file.Names]))],
        Programs = [.. files.Programs.Select(file => new DeviceFile(file.Path, [.. file.Names]))],
        AtTheirPaths = [.. files.Sockets, .. files.VendorFiles],
        Text = option,
    };

    /// <summary>A variable as the run will have it: the user's, else the image's.</summary>
    static string? Value(LaunchSpec spec, string name)
    {
        string? value = null;
        foreach (string entry in spec.Image.Config.Env)
        {
            if (entry.StartsWith(name + "=", StringComparison.Ordinal))
                value = entry[(name.Length + 1)..];
        }

        foreach (EnvRequest request in spec.Env)
        {
            if (request.Name == name)
                value = request.Remove ? null : request.Value ?? CallerEnvironment.Get(name);
        }

        return value;
    }
}
