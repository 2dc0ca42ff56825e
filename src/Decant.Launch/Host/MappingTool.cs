using Decant.Linux;

namespace Decant.Launch;

/// <summary>newuidmap or newgidmap, which write the maps of a user namespace that the kernel lets only the privileged write.</summary>
/// <param name="Path">Where it is; null where it is not installed.</param>
/// <param name="Privileged">It is setuid root or carries a file capability.</param>
public sealed record MappingTool(string Name, string? Path, bool Privileged)
{
    public static MappingTool Find(string name, HostFiles files)
    {
        foreach (string directory in (ReadOnlySpan<string>)["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"])
        {
            string path = $"{directory}/{name}";
            if (LinuxFile.TryStatus(null, files.Path(path), follow: true, out FileStatus status) != Errno.None)
                continue;
            bool setuid = (status.Permissions & 0x800) != 0 && status.Owner == 0;
            bool capable = LinuxFile.TryGetXattr(files.Path(path), "security.capability", out _) == Errno.None;
            return new MappingTool(name, path, setuid || capable);
        }

        return new MappingTool(name, null, false);
    }
}
