using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>This host's files, or those of a recorded tree of another's. Paths are as that host has them.</summary>
/// <param name="root">Where / is.</param>
sealed class HostTree(string root)
{
    readonly string prefix = root.TrimEnd('/');

    public string this[string path] => prefix + path;

    public bool Exists(string path) => LinuxFile.TryStatus(null, prefix + path, follow: true, out _) == Errno.None;

    /// <summary>Null for what is not there.</summary>
    public FileStatus? Status(string path) => LinuxFile.TryStatus(null, prefix + path, follow: true, out FileStatus status) == Errno.None ? status : null;

    /// <summary>Of a directory, sorted; none where there is none.</summary>
    public List<string> Names(string directory)
    {
        if (LinuxFile.TryOpen(null, prefix + directory, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        using (handle)
        {
            List<string> names = LinuxFile.Names(handle!, prefix + directory);
            names.Sort(StringComparer.Ordinal);
            return names;
        }
    }

    /// <summary>Of a small file; null where there is none.</summary>
    public byte[]? Bytes(string path) => LinuxFile.TryReadAll(null, prefix + path, out byte[] bytes) == Errno.None ? bytes : null;

    /// <summary>A small text without white space around it; null where there is none.</summary>
    public string? Text(string path) => LinuxFile.TryReadAll(null, prefix + path, out byte[] bytes) == Errno.None ? Encoding.UTF8.GetString(bytes).Trim() : null;

    /// <summary>What a link says; null for what is none.</summary>
    public string? Link(string path) => LinuxFile.TryReadLink(null, prefix + path, out string? target) == Errno.None ? target : null;

    /// <summary>Without links; null for what is not there, or leads out of the tree.</summary>
    public string? Real(string path) =>
        LinuxFile.TryRealPath(prefix + path, out string? real) == Errno.None && real is not null && real.StartsWith(prefix + "/", StringComparison.Ordinal) ? real[prefix.Length..] : null;
}
