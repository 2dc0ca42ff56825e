using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>The NVIDIA kernel module of a host.</summary>
/// <param name="Text">As NVIDIA writes it, with its zeros: 580.159.04.</param>
/// <param name="Version">The same, to compare: 580.159.4.</param>
public sealed record NvidiaDriver(string Text, Version Version)
{
    const string ProcFile = "proc/driver/nvidia/version";
    const string SysFile = "sys/module/nvidia/version";

    /// <summary>Null where the module is not loaded, or not shown.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static NvidiaDriver? Probe(string root = "/")
    {
        string prefix = root.TrimEnd('/');
        return Read($"{prefix}/{ProcFile}") is { } text && ParseModule(text) is { } driver ? driver : Read($"{prefix}/{SysFile}") is { } version ? Parse(version) : null;
    }

    /// <summary>A version by itself, as /sys/module/nvidia/version has it; null for what is none.</summary>
    public static NvidiaDriver? Parse(string text)
    {
        string trimmed = text.Trim();
        return Version.TryParse(trimmed, out Version? version) ? new NvidiaDriver(trimmed, version) : null;
    }

    /// <summary>
    /// The text of /proc/driver/nvidia/version; null where it names no version. The proprietary module writes "Kernel Module  535.104.05", the
    /// open one "Open Kernel Module for x86_64  580.159.04".
    /// </summary>
    public static NvidiaDriver? ParseModule(string text)
    {
        const string Marker = "Kernel Module";
        int at = text.IndexOf(Marker, StringComparison.Ordinal);
        if (at < 0)
            return null;
        string line = text[(at + Marker.Length)..].Split('\n')[0];
        foreach (string word in line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(word) is { } driver)
                return driver;
        }

        return null;
    }

    static string? Read(string path) => LinuxFile.TryReadAll(null, path, out byte[] bytes) == Errno.None ? Encoding.UTF8.GetString(bytes) : null;
}
