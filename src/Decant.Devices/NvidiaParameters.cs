using System.Text;

namespace Decant.Devices;

/// <summary>
/// What the NVIDIA kernel module tells the driver's libraries in /proc/driver/nvidia about device nodes: whether they are to make those of GPUs (params), and of each right to
/// a part of one (capabilities, as nvidia-modprobe(1) reads them).
/// </summary>
public static class NvidiaParameters
{
    public const string Path = "/proc/driver/nvidia/params";

    const string Capabilities = "/proc/driver/nvidia/capabilities";
    const string Modify = "ModifyDeviceFiles";
    const string ModifyRight = "DeviceFileModify";
    const int Deepest = 6;

    /// <summary>The same files with word that no node is to be made or changed; those that say so already, and are not there, are left out.</summary>
    /// <param name="but">Nodes in /dev/nvidia-caps that may be.</param>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static IEnumerable<(string Path, byte[] Content)> WithoutDeviceFiles(IReadOnlySet<string> but, string root = "/")
    {
        HostTree tree = new(root);
        if (tree.Bytes(Path) is { } parameters && Without(parameters, Modify) is { } none)
            yield return (Path, none);
        foreach (string file in AccessFiles(tree, Capabilities, Deepest))
        {
            if (tree.Bytes(file) is { } right && !(NvidiaMigDevice.Node(Encoding.ASCII.GetString(right)) is { } node && but.Contains(node)) && Without(right, ModifyRight) is { } refused)
                yield return (file, refused);
        }
    }

    static IEnumerable<string> AccessFiles(HostTree tree, string directory, int deepest)
    {
        foreach (string name in tree.Names(directory))
        {
            string path = $"{directory}/{name}";
            if (tree.Status(path) is { IsDirectory: false })
            {
                if (path.Contains("/mig/", StringComparison.Ordinal))
                    yield return path;
            }
            else if (deepest > 0)
            {
                foreach (string file in AccessFiles(tree, path, deepest - 1))
                    yield return file;
            }
        }
    }

    static byte[]? Without(byte[] text, string key)
    {
        string[] lines = Encoding.UTF8.GetString(text).Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith(key + ":", StringComparison.Ordinal));
        if (at < 0 || lines[at][(key.Length + 1)..].Trim() == "0")
            return null;
        lines[at] = $"{key}: 0";
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
