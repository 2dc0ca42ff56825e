using Decant.Linux;

namespace Decant.Launch;

/// <summary>Small text files of the host, below a root that tests replace by a recorded tree.</summary>
/// <param name="mayWrite">Whether the caller may write to a file or directory of the host; null asks the kernel.</param>
public sealed class HostFiles(string root = "/", Func<string, bool>? mayWrite = null)
{
    readonly string prefix = root.TrimEnd('/');

    /// <summary>The path as this process opens it.</summary>
    public string Path(string path) => prefix + path;

    /// <summary>The whole text in the encoding of <see cref="PathBytes"/>; null where the file is absent or closed to the caller.</summary>
    public string? Text(string path) =>
        LinuxFile.TryReadAll(null, Path(path), out byte[] bytes) == Errno.None ? PathBytes.Decode(bytes) : null;

    public bool Exists(string path) => LinuxFile.TryStatus(null, Path(path), follow: true, out _) == Errno.None;

    public bool MayWrite(string path) => mayWrite?.Invoke(path) ?? LinuxFile.CanAccess(Path(path), 2);

    /// <summary>A sysctl by its dotted name, as a number; null where this kernel has no such setting.</summary>
    public long? Sysctl(string name) =>
        long.TryParse(Text("/proc/sys/" + name.Replace('.', '/'))?.Trim(), out long value) ? value : null;
}
