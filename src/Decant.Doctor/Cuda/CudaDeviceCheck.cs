using Decant.Devices;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a program that uses CUDA can open the device nodes of the GPUs that its run is given.</summary>
static class CudaDeviceCheck
{
    const string Control = "/dev/nvidiactl";
    const string Memory = "/dev/nvidia-uvm";
    const string NoDevice = "no CUDA-capable device is detected";
    const string MakeNodes = "sudo nvidia-modprobe -u -c 0   (or, once after each start: sudo nvidia-smi)";

    /// <returns>Nothing of a run that is given none with <c>--gpus</c>.</returns>
    public static IEnumerable<Finding> Examine(CudaProcess process, DoctorHost host)
    {
        if (process.Command.GpuNodes is not { } nodes || host.Driver is null)
            yield break;
        // Their drivers have nodes of their own.
        if (nodes.Any(node => GpuNode.KindOf(node) is GpuNodeKind.NvidiaTegra or GpuNodeKind.Wsl))
            yield break;
        List<string> gpus = [.. nodes.Where(node => GpuNode.KindOf(node) == GpuNodeKind.NvidiaGpu)];
        if (!nodes.Contains(Control) || gpus.Count == 0)
        {
            yield return Missing(process, nodes.Contains(Control) ? "/dev/nvidia0" : Control, "CUDA finds no GPU", NoDevice, MakeNodes);
            yield break;
        }

        if (!nodes.Contains(Memory))
            yield return Missing(process, Memory, "the module nvidia_uvm is not loaded, without which CUDA does not start", "unknown error", "sudo modprobe nvidia-uvm && sudo nvidia-modprobe -u");
        foreach (string node in (string[])[Control, Memory, .. gpus])
        {
            if (nodes.Contains(node) && LinuxFile.TryStatus(null, node, follow: true, out FileStatus status) == Errno.None
                && !process.Command.View.May(new RootEntry(Errno.None, node, node, status), FileAccessModes.Read | FileAccessModes.Write))
                yield return Closed(process, node, status);
        }

        foreach (string gpu in gpus)
        {
            NvidiaMigDevice[] parts = [.. host.MigDevices.Where(part => $"/dev/nvidia{part.GpuMinor}" == gpu)];
            if (parts.Length > 0 && !parts.Any(part => part.Nodes.All(nodes.Contains)))
                yield return Missing(process, parts[0].Nodes[0], $"{gpu} is divided (MIG), and the run has none of its {parts.Length} parts", NoDevice, "make the nodes of its parts: sudo nvidia-smi; or sudo nvidia-modprobe -f /proc/driver/nvidia/capabilities/gpu0/mig/gi0/access for each file there");
        }
    }

    static Finding Missing(CudaProcess process, string node, string why, string message, string fix) => new()
    {
        Id = "gpu-node-missing",
        Severity = FindingSeverity.Error,
        Cause = $"{process.Program} uses CUDA, and this host has no {node}: {why}",
        Message = message,
        Evidence = [$"the run has {string.Join(", ", process.Command.GpuNodes!)}"],
        Fix = fix,
    };

    static Finding Closed(CudaProcess process, string node, FileStatus status) => new()
    {
        Id = "gpu-node-closed",
        Severity = FindingSeverity.Error,
        Cause = $"{process.Program} uses CUDA, and its user may not read and write {node}",
        Message = NoDevice,
        Evidence = [$"{node} has the mode {Convert.ToString(status.Permissions, 8)}, the owner {status.Owner} and the group {status.Group}"],
        Fix = "ask for the group of the node (ls -l /dev/nvidia*): sudo usermod -aG GROUP $USER, then log in again",
    };
}
