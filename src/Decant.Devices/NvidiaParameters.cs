using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>The settings of the NVIDIA kernel module, as it shows them to the driver's libraries in /proc/driver/nvidia/params.</summary>
public static class NvidiaParameters
{
    public const string Path = "/proc/driver/nvidia/params";

    const string Modify = "ModifyDeviceFiles:";

    /// <summary>The same with word that the libraries are to make and change no device nodes; null where that is said already, or there is no module.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static byte[]? WithoutDeviceFiles(string root = "/")
    {
        if (LinuxFile.TryReadAll(null, root.TrimEnd('/') + Path, out byte[] bytes) != Errno.None)
            return null;
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith(Modify, StringComparison.Ordinal));
        if (at < 0 || lines[at][Modify.Length..].Trim() == "0")
            return null;
        lines[at] = $"{Modify} 0";
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
