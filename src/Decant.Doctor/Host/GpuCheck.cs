using Decant.Devices;

namespace Decant.Doctor;

/// <summary>GPUs whose nodes --gpus would give to a program. A host without any is in order.</summary>
static class GpuCheck
{
    public static IEnumerable<HostCheck> Check(HostProbes probes)
    {
        GpuDevices gpus = probes.Gpus;
        bool nodes = gpus.Nodes.Count > 0;
        if (gpus.HasNvidia || gpus.Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaControl))
            yield return Nvidia(gpus);
        if (gpus.HasAmd)
            yield return Amd(gpus);
        if (!gpus.HasNvidia && !gpus.HasAmd)
            yield return new HostCheck("gpus", "GPUs", HostStatus.Ok, nodes ? "no NVIDIA or AMD compute GPU; " + List(gpus.Nodes) : "none");
    }

    static HostCheck Nvidia(GpuDevices gpus)
    {
        const string Id = "gpu-nvidia";
        const string Title = "NVIDIA GPUs";
        List<GpuNode> nodes = [.. gpus.Nodes.Where(node => node.Path.StartsWith("/dev/nvidia", StringComparison.Ordinal))];
        List<GpuNode> cards = [.. nodes.Where(node => node.Kind == GpuNodeKind.NvidiaGpu)];
        string models = gpus.NvidiaGpus.Count == 0 ? $"{cards.Count} GPU(s)" : string.Join(", ", gpus.NvidiaGpus.GroupBy(gpu => gpu.Model).Select(same => $"{same.Count()} × {same.Key}"));
        string detail = $"{models}, driver {gpus.NvidiaDriver?.Text ?? "unknown"}";
        if (gpus.NvidiaDriver is null)
            return new HostCheck(Id, Title, HostStatus.Missing, detail + ": device nodes, but no kernel module", "CUDA finds no device", "sudo modprobe nvidia nvidia-uvm");
        List<string> absent = [];
        if (cards.Count == 0)
            absent.Add("/dev/nvidia0");
        foreach ((GpuNodeKind kind, string path) in new[] { (GpuNodeKind.NvidiaControl, "/dev/nvidiactl"), (GpuNodeKind.NvidiaUvm, "/dev/nvidia-uvm") })
        {
            if (!nodes.Exists(node => node.Kind == kind))
                absent.Add(path);
        }

        if (absent.Count > 0)
            return new HostCheck(Id, Title, HostStatus.Missing, $"{detail}; absent: {string.Join(", ", absent)}", "CUDA finds no device", "sudo nvidia-modprobe -u -c 0   (or, once after each start: sudo nvidia-smi)");
        List<GpuNode> closed = [.. nodes.Where(node => !node.Usable && node.Kind is not GpuNodeKind.NvidiaCapability)];
        if (closed.Count > 0)
            return new HostCheck(Id, Title, HostStatus.Limited, $"{detail}; closed to you: {List(closed)}", "CUDA programs that open these fail", "ask for the group of the node (ls -l /dev/nvidia*): sudo usermod -aG GROUP $USER");
        return new HostCheck(Id, Title, HostStatus.Ok, detail);
    }

    static HostCheck Amd(GpuDevices gpus)
    {
        const string Id = "gpu-amd";
        const string Title = "AMD GPUs";
        List<GpuNode> nodes = [.. gpus.Nodes.Where(node => node.Kind is GpuNodeKind.AmdCompute or GpuNodeKind.DrmRender)];
        if (!nodes.Exists(node => node.Kind == GpuNodeKind.DrmRender))
            return new HostCheck(Id, Title, HostStatus.Missing, "/dev/kfd, but no /dev/dri/renderD*", "ROCm finds no device", "sudo modprobe amdgpu");
        List<GpuNode> closed = [.. nodes.Where(node => !node.Usable)];
        return closed.Count == 0
            ? new HostCheck(Id, Title, HostStatus.Ok, List(nodes))
            : new HostCheck(Id, Title, HostStatus.Limited, $"closed to you: {List(closed)}", "ROCm finds no device", "sudo usermod -aG render,video $USER, then log in again");
    }

    static string List(IReadOnlyList<GpuNode> nodes) => string.Join(", ", nodes.Select(node => node.Path));
}
