using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the place of the store can hold images and run programs from them.</summary>
static class StoreCheck
{
    const string Id = "store";
    const string Title = "Store";
    const long FewBytes = 1L << 30;

    public static HostCheck Check(HostProbes probes)
    {
        string root = probes.StoreRoot;
        string place = Existing(root);
        FileSystemStatus fileSystem = LinuxFile.FileSystem(place);
        string type = TypeName(place) ?? $"0x{fileSystem.Type:x}";
        string detail = $"{PathBytes.Printable(root)} on {type}, {fileSystem.AvailableBytes / (double)(1 << 30):F1} GiB free";
        const string Elsewhere = "put the store on a local disk: export DECANT_ROOT=DIR";
        if (fileSystem.ReadOnly)
            return new HostCheck(Id, Title, HostStatus.Missing, detail + ", read-only", "nothing can be pulled", Elsewhere);
        if (!probes.Files.MayWrite(place))
            return new HostCheck(Id, Title, HostStatus.Missing, $"{detail}; {PathBytes.Printable(place)} is closed to you", "nothing can be pulled", Elsewhere);
        if (IsNetwork(fileSystem.Type, type))
            return new HostCheck(Id, Title, HostStatus.Limited, detail, "named runs (--name) cannot keep their layer there, and starts are slower", Elsewhere);
        if (type == "overlay")
            return new HostCheck(Id, Title, HostStatus.Limited, detail, "layers on an overlay cannot be the upper part of another: named runs (--name) fail", Elsewhere);
        Errno xattrs = TryUserXattr(place);
        if (xattrs != Errno.None)
            return new HostCheck(Id, Title, HostStatus.Limited, $"{detail}, no user.* attributes ({xattrs.Describe()})", "opaque directories of images show what lies below them to ordinary users", Elsewhere);
        // An overlay is a mount of its own, without these flags of what it lies on; a bind keeps them.
        if (fileSystem.NoExec)
            return new HostCheck(Id, Title, HostStatus.Limited, detail + ", mounted noexec", "runs without overlayfs cannot execute any program of an image", $"{Elsewhere}; or sudo mount -o remount,exec {MountPoint(place)}");
        if (fileSystem.NoSuid)
            return new HostCheck(Id, Title, HostStatus.Limited, detail + ", mounted nosuid", "setuid programs of images (sudo, ping) have no privilege in runs without overlayfs, also as root", Elsewhere);
        if (fileSystem.AvailableBytes < FewBytes)
            return new HostCheck(Id, Title, HostStatus.Limited, detail, "a large image does not fit", "decant rm IMAGE, or " + Elsewhere);
        // nodev does no harm: whiteouts are devices that nobody opens.
        return new HostCheck(Id, Title, HostStatus.Ok, detail);
    }

    static string Existing(string path)
    {
        string place = path;
        while (!LinuxFile.Exists(place) && place.LastIndexOf('/') is >= 0 and int slash)
            place = slash == 0 ? "/" : place[..slash];
        return place;
    }

    static bool IsNetwork(long magic, string type) =>
        magic is FileSystemStatus.Nfs or FileSystemStatus.Lustre || type is "nfs" or "nfs4" or "cifs" or "smb3" or "9p" or "ceph" or "lustre" or "gpfs" or "beegfs" || type.StartsWith("fuse", StringComparison.Ordinal);

    static string? TypeName(string path) => Holding(path)?.FileSystemType;

    static string MountPoint(string path) => Holding(path)?.MountPoint ?? path;

    static MountInfo? Holding(string path) => MountInfo.Holding(MountInfo.ReadSelf(), path);

    /// <summary>Asked of a file that is made and removed at once; nothing else tells for sure.</summary>
    static Errno TryUserXattr(string directory)
    {
        string probe = $"{directory.TrimEnd('/')}/.decant-host-{Libc.GetProcessId()}";
        Errno made = LinuxFile.TryOpen(null, probe, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180, out var file);
        if (file is null)
            return made;
        using (file)
        {
            try
            {
                return LinuxFile.TrySetXattr(probe, "user.decant", "1"u8);
            }
            finally
            {
                LinuxFile.TryUnlink(null, probe);
            }
        }
    }
}
