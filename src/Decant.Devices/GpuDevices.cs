using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>The GPUs of this host: device nodes, driver and models.</summary>
public sealed record GpuDevices
{
    /// <summary>Sorted by path.</summary>
    public required IReadOnlyList<GpuNode> Nodes { get; init; }

    /// <summary>The NVIDIA kernel module's version; null where it is not loaded.</summary>
    public string? NvidiaDriverVersion { get; init; }

    /// <summary>By bus location.</summary>
    public IReadOnlyList<NvidiaGpu> NvidiaGpus { get; init; } = [];

    public bool HasNvidia => NvidiaDriverVersion is not null || Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaGpu);

    public bool HasAmd => Nodes.Any(node => node.Kind == GpuNodeKind.AmdCompute);

    /// <summary>Looks at /dev and /proc/driver/nvidia; opens no device.</summary>
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
        List<NvidiaGpu> gpus = [];
        string list = prefix + "/proc/driver/nvidia/gpus";
        foreach (string bus in Names(list).Order(StringComparer.Ordinal))
        {
            if (Text($"{list}/{bus}/information") is string information)
                gpus.Add(NvidiaGpu.Parse(information));
        }

        return new GpuDevices
        {
            Nodes = nodes,
            NvidiaDriverVersion = Text(prefix + "/proc/driver/nvidia/version") is string version ? NvidiaDriver.ParseVersion(version) : null,
            NvidiaGpus = gpus,
        };
    }

    static List<string> Names(string directory)
    {
        if (LinuxFile.TryOpen(null, directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        using (handle)
            return LinuxFile.Names(handle!, directory);
    }

    static string? Text(string path) =>
        LinuxFile.TryReadAll(null, path, out byte[] bytes) == Errno.None ? Encoding.UTF8.GetString(bytes) : null;
}
