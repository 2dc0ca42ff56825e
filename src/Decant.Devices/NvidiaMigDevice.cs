using System.Globalization;
using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>A part of a GPU that was divided (Multi-Instance GPU): a compute instance of a GPU instance.</summary>
/// <param name="GpuMinor">Of the GPU's node /dev/nvidiaN.</param>
/// <param name="Nodes">That a program needs beside the GPU's own.</param>
public sealed record NvidiaMigDevice(int GpuMinor, int GpuInstance, int ComputeInstance, IReadOnlyList<string> Nodes)
{
    const string List = "/proc/driver/nvidia/capabilities";

    /// <summary>Those that the driver lists, by their numbers; the files tell which node opens which part.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static IReadOnlyList<NvidiaMigDevice> ProbeAll(string root = "/")
    {
        string list = root.TrimEnd('/') + List;
        List<NvidiaMigDevice> devices = [];
        foreach ((int gpu, string gpuPath) in Numbered(list, "gpu"))
        {
            foreach ((int instance, string instancePath) in Numbered($"{gpuPath}/mig", "gi"))
            {
                foreach ((int part, string partPath) in Numbered(instancePath, "ci"))
                {
                    if (NodeOf($"{instancePath}/access") is { } one && NodeOf($"{partPath}/access") is { } other)
                        devices.Add(new NvidiaMigDevice(gpu, instance, part, [one, other]));
                }
            }
        }

        return devices;
    }

    static List<(int Number, string Path)> Numbered(string directory, string prefix)
    {
        if (LinuxFile.TryOpen(null, directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        List<(int Number, string Path)> found = [];
        using (handle)
        {
            foreach (string name in LinuxFile.Names(handle!, directory))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    found.Add((number, $"{directory}/{name}"));
            }
        }

        found.Sort();
        return found;
    }

    static string? NodeOf(string file) => LinuxFile.TryReadAll(null, file, out byte[] bytes) == Errno.None ? Node(Encoding.ASCII.GetString(bytes)) : null;

    /// <summary>"DeviceFileMinor: 12" is /dev/nvidia-caps/nvidia-cap12.</summary>
    internal static string? Node(string text)
    {
        const string Key = "DeviceFileMinor:";
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal) && int.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
                return $"/dev/nvidia-caps/nvidia-cap{minor.ToString(CultureInfo.InvariantCulture)}";
        }

        return null;
    }
}
