namespace Decant.Linux;

/// <summary>What statfs(2) tells of the file system under a path.</summary>
/// <param name="Type">The magic number, as in linux/magic.h.</param>
/// <param name="AvailableBytes">What an ordinary user may still write.</param>
/// <param name="Flags">ST_* flags: 1 read-only, 2 nosuid, 4 nodev, 8 noexec.</param>
public readonly record struct FileSystemStatus(long Type, long AvailableBytes, long Flags)
{
    public const long Nfs = 0x6969;
    public const long Tmpfs = 0x01021994;
    public const long Overlay = 0x794c7630;
    public const long Lustre = 0x0BD00BD0;
    public const long Cgroup2 = 0x63677270;
    public const long Proc = 0x9fa0;

    public bool ReadOnly => (Flags & 1) != 0;
    public bool NoSuid => (Flags & 2) != 0;
    public bool NoDev => (Flags & 4) != 0;
    public bool NoExec => (Flags & 8) != 0;
}
