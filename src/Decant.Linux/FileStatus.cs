using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>The type bits of a mode (inode(7)).</summary>
public enum FileType : uint
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>A time as the kernel keeps it: whole seconds since 1970 (negative before) and 0 to 999,999,999 nanoseconds.</summary>
public readonly record struct UnixTime(long Seconds, uint Nanoseconds);

/// <summary>What statx(2) tells of a file.</summary>
public readonly record struct FileStatus
{
    /// <summary>Type and permission bits together, as in st_mode.</summary>
    public required uint Mode { get; init; }
    public required uint Owner { get; init; }
    public required uint Group { get; init; }
    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    /// <summary>Allocated units of 512 bytes.</summary>
    public required long Blocks { get; init; }
    public required ulong Inode { get; init; }
    public required uint Links { get; init; }
    /// <summary>The device that holds the file, as "major:minor" packed by <see cref="DeviceNumber"/>.</summary>
    public required DeviceNumber Device { get; init; }
    /// <summary>The device that the file is, for device nodes.</summary>
    public required DeviceNumber Represents { get; init; }
    public required UnixTime Modified { get; init; }
    public required UnixTime Changed { get; init; }

    /// <summary>Of something that is on no disk: root's, with one name, of 1970.</summary>
    /// <param name="mode">Type and permission bits.</param>
    /// <param name="size">In bytes.</param>
    public static FileStatus Made(uint mode, long size = 0) => new()
    {
        Mode = mode,
        Owner = 0,
        Group = 0,
        Size = size,
        Blocks = 0,
        Inode = 0,
        Links = 1,
        Device = default,
        Represents = default,
        Modified = default,
        Changed = default,
    };

    public FileType Type => (FileType)(Mode & 0xF000);
    public uint Permissions => Mode & 0xFFF;
    public bool IsDirectory => Type == FileType.Directory;
    public bool IsRegular => Type == FileType.Regular;
    public bool IsSymbolicLink => Type == FileType.SymbolicLink;

    /// <summary>An overlayfs whiteout: a character device 0:0 (Documentation/filesystems/overlayfs.rst).</summary>
    public bool IsWhiteout => Type == FileType.CharacterDevice && Represents == default;
}

/// <summary>A device's numbers.</summary>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>As dev_t (gnu_dev_makedev(3)).</summary>
    public ulong Encoded => ((ulong)(Major & 0xfffff000) << 32) | ((Major & 0xfffu) << 8) | ((ulong)(Minor & 0xffffff00) << 12) | (Minor & 0xffu);

    public override string ToString() => $"{Major}:{Minor}";
}

/// <summary>struct timespec on 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
struct Timespec
{
    public long Seconds;
    public long Nanoseconds;
}

/// <summary>struct statx_timestamp.</summary>
[StructLayout(LayoutKind.Sequential)]
struct StatxTimestamp
{
    public long Seconds;
    public uint Nanoseconds;
    int reserved;

    public readonly UnixTime Value => new(Seconds, Nanoseconds);
}

/// <summary>struct statx (include/uapi/linux/stat.h): one layout on every architecture.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
struct StatxBuffer
{
    public uint Mask;
    public uint BlockSize;
    public ulong Attributes;
    public uint Links;
    public uint Owner;
    public uint Group;
    public ushort Mode;
    ushort padding;
    public ulong Inode;
    public ulong Size;
    public ulong Blocks;
    public ulong AttributesMask;
    public StatxTimestamp Accessed;
    public StatxTimestamp Born;
    public StatxTimestamp Changed;
    public StatxTimestamp Modified;
    public uint RepresentsMajor;
    public uint RepresentsMinor;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public ulong MountId;

    public readonly FileStatus ToStatus() => new()
    {
        Mode = Mode,
        Owner = Owner,
        Group = Group,
        Size = (long)Size,
        Blocks = (long)Blocks,
        Inode = Inode,
        Links = Links,
        Device = new DeviceNumber(DeviceMajor, DeviceMinor),
        Represents = new DeviceNumber(RepresentsMajor, RepresentsMinor),
        Modified = Modified.Value,
        Changed = Changed.Value,
    };
}

/// <summary>struct statfs on 64-bit systems (x86-64 and arm64 agree).</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
struct StatfsBuffer
{
    public long Type;
    public long BlockSize;
    public ulong Blocks;
    public ulong BlocksFree;
    public ulong BlocksAvailable;
    public ulong Files;
    public ulong FilesFree;
    public long FilesystemId;
    public long NameLength;
    public long FragmentSize;
    public long Flags;
}
