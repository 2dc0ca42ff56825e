using Decant.Linux;

namespace Decant.Devices;

/// <summary>The GPUs of this host: device nodes, driver and models.</summary>
public sealed record GpuDevices
{
    /// <summary>Sorted by path.</summary>
    public required IReadOnlyList<GpuNode> Nodes { get; init; }

    /// <summary>Null where the NVIDIA kernel module is not loaded.</summary>
    public NvidiaDriver? NvidiaDriver { get; init; }

    /// <summary>By bus location.</summary>
    public IReadOnlyList<NvidiaGpu> NvidiaGpus { get; init; } = [];

    /// <summary>Parts of divided GPUs.</summary>
    public IReadOnlyList<NvidiaMigDevice> NvidiaMigDevices { get; init; } = [];

    /// <summary>An integrated GPU's computer; null for others.</summary>
    public NvidiaTegra? Tegra { get; init; }

    /// <summary>In the order in which --gpus counts them.</summary>
    public IReadOnlyList<HostGpu> Gpus { get; init; } = [];

    /// <summary>The newest CUDA of the driver's, as NVIDIA's management library tells it; null where that was not asked.</summary>
    public Version? CudaVersion { get; init; }

    /// <summary>The same with what NVIDIA's management library tells of memory and CUDA. The first to open it may wait seconds for the driver.</summary>
    public GpuDevices WithManagement()
    {
        if ((NvidiaDriver is null && Tegra is null) || Nvml.TryOpen(out _) is not { } nvml)
            return this;
        return this with
        {
            CudaVersion = nvml.CudaVersion,
            Gpus = [.. Gpus.Select(gpu => nvml.Devices.FirstOrDefault(device => device.Uuid is not null && device.Uuid == gpu.Uuid) is { } device
                ? gpu with { MemoryBytes = device.MemoryTotal, SharesHostMemory = device.SharesHostMemory }
                : gpu)],
        };
    }

    /// <summary>Its driver is the one that Jetson Linux lists in files: that of a GPU of its own in such a computer is found as everywhere.</summary>
    public bool UsesTegraFiles => Tegra is not null && NvidiaGpus.All(gpu => gpu.Model.Contains("(nvgpu)", StringComparison.Ordinal) || gpu.Model.Contains("Thor", StringComparison.Ordinal));

    public bool IsWsl => Nodes.Any(node => node.Kind == GpuNodeKind.Wsl);

    public bool HasNvidia => NvidiaDriver is not null || Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaGpu);

    /// <summary>For computing or for graphics alone.</summary>
    public bool HasAmd => HasAmdCompute || Gpus.Any(gpu => gpu.Vendor == GpuVendor.Amd);

    /// <summary>Without /dev/kfd no program of ROCm finds a GPU, whatever its render nodes.</summary>
    public bool HasAmdCompute => Nodes.Any(node => node.Kind == GpuNodeKind.AmdCompute);

    /// <summary>The nodes of these GPUs or parts, and those that all programs of their vendors need.</summary>
    /// <param name="gpus">Null for every node; but the right to divide GPUs and to watch all of them, which are nodes too, is nobody's.</param>
    public IEnumerable<GpuNode> NodesOf(IReadOnlyList<HostGpu>? gpus) => Nodes.Where(node =>
        node.Kind == GpuNodeKind.NvidiaCapability
            ? (gpus ?? Gpus).Any(gpu => gpu.Parts.Any(part => part.Nodes.Contains(node.Path)))
            : gpus is null || gpus.Any(gpu => gpu.Nodes.Contains(node.Path) || Vendor(node.Kind) == gpu.Vendor));

    /// <summary>Whose GPUs all need it; null for a node of one GPU.</summary>
    static GpuVendor? Vendor(GpuNodeKind kind) => kind switch
    {
        GpuNodeKind.NvidiaGpu or GpuNodeKind.DrmCard or GpuNodeKind.DrmRender => null,
        GpuNodeKind.AmdCompute => GpuVendor.Amd,
        _ => GpuVendor.Nvidia,
    };

    /// <summary>Looks at /dev, and at what the kernel tells of GPUs in /proc and /sys; opens no device.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static GpuDevices Probe(string root = "/")
    {
        HostTree tree = new(root);
        List<GpuNode> nodes = [];
        foreach (string directory in (ReadOnlySpan<string>)["/dev", "/dev/nvidia-caps", "/dev/nvgpu/igpu0", "/dev/dri"])
        {
            foreach (string name in tree.Names(directory))
            {
                string path = $"{directory}/{name}";
                if (GpuNode.KindOf(path) is GpuNodeKind kind)
                    nodes.Add(new GpuNode(path, kind, LinuxFile.CanAccess(tree[path], 4), LinuxFile.CanAccess(tree[path], 2)));
            }
        }

        nodes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        GpuDevices devices = new()
        {
            Nodes = nodes,
            NvidiaDriver = Devices.NvidiaDriver.Probe(root),
            NvidiaGpus = NvidiaGpu.ProbeAll(root),
            NvidiaMigDevices = NvidiaMigDevice.ProbeAll(root),
            Tegra = NvidiaTegra.Probe(tree),
        };
        return devices with { Gpus = HostGpu.ProbeAll(devices, tree) };
    }
}
