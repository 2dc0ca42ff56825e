using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>Flags of open(2). O_DIRECTORY, O_NOFOLLOW and O_DIRECT differ between architectures: <see cref="OpenFlag"/> has them.</summary>
[Flags]
public enum OpenFlags
{
    ReadOnly = 0,
    WriteOnly = 1,
    ReadWrite = 2,
    Create = 0x40,
    Exclusive = 0x80,
    NoControllingTerminal = 0x100,
    Truncate = 0x200,
    Append = 0x400,
    NonBlocking = 0x800,
    CloseOnExec = 0x80000,
    Path = 0x200000,
}

/// <summary>The flags of open(2) whose value depends on the architecture (arch/arm64/include/uapi/asm/fcntl.h).</summary>
public static class OpenFlag
{
    static bool Arm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static OpenFlags Directory => (OpenFlags)(Arm64 ? 0x4000 : 0x10000);

    public static OpenFlags NoFollow => (OpenFlags)(Arm64 ? 0x8000 : 0x20000);
}

/// <summary>How openat2(2) may resolve a path.</summary>
[Flags]
public enum ResolveFlags : ulong
{
    None = 0,
    NoXdev = 0x01,
    NoMagicLinks = 0x02,
    NoSymlinks = 0x04,
    Beneath = 0x08,
    /// <summary>The directory is the root for absolute paths, absolute links and "..".</summary>
    InRoot = 0x10,
}

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}
