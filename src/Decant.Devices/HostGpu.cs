using System.Globalization;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>A GPU of this host, of whatever vendor, as --gpus counts them: NVIDIA's by bus, then AMD's, then Intel's.</summary>
/// <param name="Nodes">Its own, that no other GPU has.</param>
public sealed record HostGpu(GpuVendor Vendor, string Model, IReadOnlyList<string> Nodes)
{
    /// <summary>By which programs tell it from others; null where nothing tells.</summary>
    public string? Uuid { get; init; }

    public string? BusLocation { get; init; }

    /// <summary>Of its own, in bytes; null where it is not known, or it has none.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>It uses the host's memory, which programs of the processors have too.</summary>
    public bool SharesHostMemory { get; init; }

    /// <summary>What machine code it runs: "compute capability 9.0", "gfx942"; null where it is not known.</summary>
    public string? Architecture { get; init; }

    /// <summary>Into which it is divided (MIG), in the order of their instances; none for a whole one.</summary>
    public IReadOnlyList<NvidiaMigDevice> Parts { get; init; } = [];

    internal static IReadOnlyList<HostGpu> ProbeAll(GpuDevices host, HostTree tree) => [.. Nvidia(host, tree), .. Display(tree)];

    static IEnumerable<HostGpu> Nvidia(GpuDevices host, HostTree tree)
    {
        IReadOnlyList<NvidiaGpu> gpus = host.NvidiaGpus;
        // Where /proc is hidden the nodes still count them.
        if (gpus.Count == 0)
            gpus = [.. host.Nodes.Where(node => node.Kind == GpuNodeKind.NvidiaGpu).Select(node => NvidiaGpu.Parse("") with { Minor = int.Parse(node.Path.AsSpan("/dev/nvidia".Length), CultureInfo.InvariantCulture) })];
        for (int index = 0; index < gpus.Count; index++)
        {
            NvidiaGpu gpu = gpus[index];
            int minor = gpu.Minor ?? index;
            string[] display = gpu.BusLocation is { } bus ? [.. tree.Names($"/sys/bus/pci/devices/{bus}/drm").Select(name => $"/dev/dri/{name}").Where(path => GpuNode.KindOf(path) is not null && tree.Exists(path))] : [];
            yield return new HostGpu(GpuVendor.Nvidia, gpu.Model, [.. ((string[])[$"/dev/nvidia{minor}"]).Where(tree.Exists), .. display])
            {
                Uuid = gpu.Uuid,
                BusLocation = gpu.BusLocation,
                Architecture = gpu.ComputeCapability is { } capability ? $"compute capability {capability}" : null,
                SharesHostMemory = IsIntegrated(gpu.Model),
                Parts = [.. host.NvidiaMigDevices.Where(part => part.GpuMinor == minor)],
            };
        }

        if (gpus.Count == 0 && host.Tegra is { } tegra)
            yield return new HostGpu(GpuVendor.Nvidia, $"{tegra.Model} (integrated)", [.. host.Nodes.Where(node => node.Kind == GpuNodeKind.NvidiaTegra).Select(node => node.Path)]) { SharesHostMemory = true };
        else if (gpus.Count == 0 && host.IsWsl)
            yield return new HostGpu(GpuVendor.Nvidia, "GPU of Windows (WSL)", ["/dev/dxg"]);
    }

    /// <summary>Those of GB10 and of Jetson have no memory of their own.</summary>
    static bool IsIntegrated(string model) => model.Contains("GB10", StringComparison.Ordinal) || model.Contains("(nvgpu)", StringComparison.Ordinal) || model.Contains("Thor", StringComparison.Ordinal);

    /// <summary>AMD's and Intel's: by /sys/class/drm, which has the vendor of each node.</summary>
    static List<HostGpu> Display(HostTree tree)
    {
        SortedDictionary<string, HostGpu> gpus = new(StringComparer.Ordinal);
        foreach (string render in tree.Names("/sys/class/drm"))
        {
            if (GpuNode.KindOf($"/dev/dri/{render}") != GpuNodeKind.DrmRender || !tree.Exists($"/dev/dri/{render}"))
                continue;
            string device = $"/sys/class/drm/{render}/device";
            GpuVendor? vendor = tree.Text($"{device}/vendor") switch
            {
                "0x1002" => GpuVendor.Amd,
                "0x8086" => GpuVendor.Intel,
                _ => null,
            };
            if (vendor is { } known)
                gpus.Add($"{known:D}{render.Length:D3}{render}", Of(known, render, device, tree));
        }

        return [.. gpus.Values];
    }

    static HostGpu Of(GpuVendor vendor, string render, string device, HostTree tree)
    {
        string[] cards = [.. tree.Names($"{device}/drm").Where(name => GpuNode.KindOf($"/dev/dri/{name}") == GpuNodeKind.DrmCard && tree.Exists($"/dev/dri/{name}")).Select(name => $"/dev/dri/{name}")];
        string maker = vendor == GpuVendor.Amd ? "AMD" : "Intel";
        string name = tree.Text($"{device}/product_name") is { Length: > 0 } product ? product : $"GPU {tree.Text($"{device}/device")}".TrimEnd();
        Dictionary<string, long> topology = vendor == GpuVendor.Amd ? Topology(render, tree) : [];
        string? unique = tree.Text($"{device}/unique_id");
        return new HostGpu(vendor, name.StartsWith(maker, StringComparison.Ordinal) ? name : $"{maker} {name}", [.. cards, $"/dev/dri/{render}"])
        {
            Uuid = string.IsNullOrEmpty(unique) ? null : $"GPU-{unique}",
            BusLocation = tree.Real(device) is { } real ? LinuxPath.Name(real) : null,
            MemoryBytes = long.TryParse(tree.Text($"{device}/mem_info_vram_total"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null,
            Architecture = topology.TryGetValue("gfx_target_version", out long version) && version > 0 ? $"gfx{version / 10000}{version / 100 % 100:x}{version % 100:x}" : null,
        };
    }

    /// <summary>What the compute driver tells of the node's GPU (Linux, kfd_topology.c).</summary>
    static Dictionary<string, long> Topology(string render, HostTree tree)
    {
        const string Nodes = "/sys/class/kfd/kfd/topology/nodes";
        foreach (string node in tree.Names(Nodes))
        {
            Dictionary<string, long> properties = KernelText.Pairs(tree.Text($"{Nodes}/{node}/properties"));
            if (properties.TryGetValue("drm_render_minor", out long minor) && $"renderD{minor}" == render)
                return properties;
        }

        return [];
    }
}
