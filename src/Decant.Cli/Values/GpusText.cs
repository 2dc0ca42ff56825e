using Decant.Devices;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>--gpus</c>: the device nodes of the host's GPUs. Choosing among them is the libraries' affair, by their own variables.</summary>
static class GpusText
{
    /// <summary>True for all GPUs, false for none.</summary>
    public static bool Parse(string text)
    {
        if (text == "all")
            return true;
        if (text is "0" or "none" or "")
            return false;
        int list = text.IndexOf("device=", StringComparison.Ordinal);
        string chosen = list < 0 ? "0" : text[(list + 7)..].TrimEnd('"');
        throw new DecantException(
            "a native run has no device cgroup to hide single GPUs with",
            $"--gpus all -e CUDA_VISIBLE_DEVICES={PathBytes.Printable(chosen)}");
    }

    /// <summary>One request for each node.</summary>
    /// <exception cref="DecantException">There is none.</exception>
    public static List<DeviceRequest> Devices()
    {
        List<DeviceRequest> devices = [];
        foreach (GpuNode node in GpuDevices.Probe().Nodes)
            devices.Add(new DeviceRequest(node.Path, node.Path, "--gpus all"));
        return devices.Count > 0 ? devices : throw new DecantException("--gpus all: this host has no GPU's device node in /dev", "decant host");
    }
}
