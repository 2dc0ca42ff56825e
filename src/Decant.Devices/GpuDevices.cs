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

    public bool HasNvidia => NvidiaDriver is not null || Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaGpu);

    public bool HasAmd => Nodes.Any(node => node.Kind == GpuNodeKind.AmdCompute);

    /// <summary>Looks at /dev, /proc/driver/nvidia and /sys/module/nvidia; opens no device.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static GpuDevices Probe(string root = "/")
    {
        string prefix = root.TrimEnd('/');
        List<GpuNode> nodes = [];
        foreach (string directory in (ReadOnlySpan<string>)["/dev", "/dev/nvidia-caps", "/dev/dri"])
        {
            foreach (string name in Names(prefix + directory))
            {
                string path = $"{directory}/{name}";
                if (GpuNode.KindOf(path) is GpuNodeKind kind)
                    nodes.Add(new GpuNode(path, kind, LinuxFile.CanAccess(prefix + path, 4), LinuxFile.CanAccess(prefix + path, 2)));
            }
        }

        nodes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new GpuDevices { Nodes = nodes, NvidiaDriver = Devices.NvidiaDriver.Probe(root), NvidiaGpus = NvidiaGpu.ProbeAll(root), NvidiaMigDevices = NvidiaMigDevice.ProbeAll(root) };
    }

    static List<string> Names(string directory)
    {
        if (LinuxFile.TryOpen(null, directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        using (handle)
            return LinuxFile.Names(handle!, directory);
    }
}
