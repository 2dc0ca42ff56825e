using Decant.Devices;

namespace Decant.Doctor;

/// <summary>GPUs whose nodes --gpus would give to a program. A host without any is in order.</summary>
static class GpuCheck
{
    public static IEnumerable<HostCheck> Check(HostProbes probes)
    {
        GpuDevices gpus = probes.Gpus;
        bool nodes = gpus.Nodes.Count > 0;
        bool any = false;
        foreach (HostCheck check in Vendors(gpus))
        {
            any = true;
            yield return check;
        }

        if (!any)
            yield return new HostCheck("gpus", "GPUs", HostStatus.Ok, nodes ? "no GPU for computing; " + List(gpus.Nodes) : "none");
    }

    static IEnumerable<HostCheck> Vendors(GpuDevices gpus)
    {
        if (gpus.HasNvidia || gpus.Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaControl))
            yield return Nvidia(gpus) with { Items = Items(gpus, GpuVendor.Nvidia) };
        else if (gpus.Tegra is { } tegra)
            yield return Integrated(gpus, $"{tegra.Model}, Jetson Linux {tegra.Release ?? "of unknown release"}", GpuNodeKind.NvidiaTegra);
        else if (gpus.IsWsl)
            yield return Integrated(gpus, "GPUs of Windows, by its subsystem for Linux", GpuNodeKind.Wsl);
        if (gpus.HasAmd)
            yield return Amd(gpus) with { Items = Items(gpus, GpuVendor.Amd) };
        if (gpus.Gpus.Any(gpu => gpu.Vendor == GpuVendor.Intel))
            yield return Intel(gpus);
    }

    /// <summary>One line for each, with its number for --gpus.</summary>
    static List<string> Items(GpuDevices gpus, GpuVendor vendor)
    {
        List<string> lines = [];
        for (int index = 0; index < gpus.Gpus.Count; index++)
        {
            HostGpu gpu = gpus.Gpus[index];
            if (gpu.Vendor != vendor)
                continue;
            List<string> words = [gpu.Model];
            if (gpu.Uuid is { } uuid)
                words.Add(uuid);
            if (gpu.MemoryBytes is { } bytes)
                words.Add($"{bytes >> 20} MiB");
            if (gpu.SharesHostMemory)
                words.Add("the host's memory");
            if (gpu.Architecture is { } architecture)
                words.Add(architecture);
            if (gpu.Parts.Count > 0)
                words.Add($"divided into {gpu.Parts.Count} (MIG)");
            words.Add(gpu.Nodes.Count > 0 ? string.Join(' ', gpu.Nodes) : "no device node");
            lines.Add($"{index}: {string.Join(", ", words)}");
        }

        return lines;
    }

    static HostCheck Integrated(GpuDevices gpus, string detail, GpuNodeKind kind)
    {
        List<GpuNode> closed = [.. gpus.Nodes.Where(node => node.Kind == kind && !node.Usable)];
        return (closed.Count == 0
            ? new HostCheck("gpu-nvidia", "NVIDIA GPUs", HostStatus.Ok, detail)
            : new HostCheck("gpu-nvidia", "NVIDIA GPUs", HostStatus.Limited, $"{detail}; closed to you: {List(closed)}", "CUDA programs that open these fail", "sudo usermod -aG video,render $USER, then log in again")) with
        { Items = Items(gpus, GpuVendor.Nvidia) };
    }

    static HostCheck Intel(GpuDevices gpus)
    {
        HashSet<string> own = [.. gpus.Gpus.Where(gpu => gpu.Vendor == GpuVendor.Intel).SelectMany(gpu => gpu.Nodes)];
        List<GpuNode> closed = [.. gpus.Nodes.Where(node => node.Kind == GpuNodeKind.DrmRender && own.Contains(node.Path) && !node.Usable)];
        return (closed.Count == 0
            ? new HostCheck("gpu-intel", "Intel GPUs", HostStatus.Ok, List([.. gpus.Nodes.Where(node => own.Contains(node.Path))]))
            : new HostCheck("gpu-intel", "Intel GPUs", HostStatus.Limited, $"closed to you: {List(closed)}", "programs find no device", "sudo usermod -aG render,video $USER, then log in again")) with
        { Items = Items(gpus, GpuVendor.Intel) };
    }

    static HostCheck Nvidia(GpuDevices gpus)
    {
        const string Id = "gpu-nvidia";
        const string Title = "NVIDIA GPUs";
        List<GpuNode> nodes = [.. gpus.Nodes.Where(node => node.Path.StartsWith("/dev/nvidia", StringComparison.Ordinal))];
        List<GpuNode> cards = [.. nodes.Where(node => node.Kind == GpuNodeKind.NvidiaGpu)];
        string models = gpus.NvidiaGpus.Count == 0 ? $"{cards.Count} GPU(s)" : string.Join(", ", gpus.NvidiaGpus.GroupBy(gpu => gpu.Model).Select(same => $"{same.Count()} × {same.Key}"));
        string detail = $"{models}, driver {gpus.NvidiaDriver?.Text ?? "unknown"}{(gpus.NvidiaDriver is { } module && (gpus.CudaVersion ?? CudaRelease.Of(module.Version)) is { } cuda ? $", CUDA {cuda}" : "")}";
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
        HashSet<string> own = [.. gpus.Gpus.Where(gpu => gpu.Vendor == GpuVendor.Amd).SelectMany(gpu => gpu.Nodes)];
        // Where /sys tells of none, whose a render node is cannot be known.
        List<GpuNode> nodes = [.. gpus.Nodes.Where(node => node.Kind == GpuNodeKind.AmdCompute || (node.Kind == GpuNodeKind.DrmRender && (own.Count == 0 || own.Contains(node.Path))))];
        if (!nodes.Exists(node => node.Kind == GpuNodeKind.DrmRender))
            return new HostCheck(Id, Title, HostStatus.Missing, "/dev/kfd, but no /dev/dri/renderD*", "ROCm finds no device", "sudo modprobe amdgpu");
        if (!gpus.HasAmdCompute)
            return new HostCheck(Id, Title, HostStatus.Limited, $"{List(nodes)}; absent: /dev/kfd", "ROCm finds no device; graphics and video work", "sudo modprobe amdgpu; in a virtual machine or container, have it give /dev/kfd too");
        List<GpuNode> closed = [.. nodes.Where(node => !node.Usable)];
        return closed.Count == 0
            ? new HostCheck(Id, Title, HostStatus.Ok, List(nodes))
            : new HostCheck(Id, Title, HostStatus.Limited, $"closed to you: {List(closed)}", "ROCm finds no device", "sudo usermod -aG render,video $USER, then log in again");
    }

    static string List(IReadOnlyList<GpuNode> nodes) => string.Join(", ", nodes.Select(node => node.Path));
}
