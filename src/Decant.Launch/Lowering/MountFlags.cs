using System.Runtime.InteropServices;

namespace Decant.Launch.Lowering;

/// <summary>Per-mount attributes of mount_setattr(2).</summary>
[Flags]
enum MountFlags : ulong
{
    None = 0,
    ReadOnly = 1,
    NoSuid = 2,
    NoDev = 4,
    NoExec = 8,
}

/// <summary>Flags of mount(2).</summary>
[Flags]
enum MountCall : long
{
    None = 0,
    ReadOnly = 1,
    NoSuid = 2,
    NoDev = 4,
    NoExec = 8,
    Remount = 0x20,
    Bind = 0x1000,
    Recursive = 0x4000,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
}

/// <summary>struct mount_attr of mount_setattr(2).</summary>
[StructLayout(LayoutKind.Sequential)]
struct MountAttributes
{
    public ulong Set;
    public ulong Clear;
    public ulong Propagation;
    public ulong UserNamespace;
}

static class MountFlagConversion
{
    /// <summary>The four attributes have the same bits in both interfaces.</summary>
    public static MountCall ToMountCall(this MountFlags flags) => (MountCall)flags;

    public static long ToKernel(this MountPropagation propagation) => (long)(propagation switch
    {
        MountPropagation.Slave => MountCall.Slave,
        MountPropagation.Shared => MountCall.Shared,
        _ => MountCall.Private,
    });

    /// <summary>As mount(8) names them, with a leading comma each.</summary>
    public static string ToOptions(this MountFlags flags) =>
        (flags.HasFlag(MountFlags.ReadOnly) ? ",ro" : "")
        + (flags.HasFlag(MountFlags.NoSuid) ? ",nosuid" : "")
        + (flags.HasFlag(MountFlags.NoDev) ? ",nodev" : "")
        + (flags.HasFlag(MountFlags.NoExec) ? ",noexec" : "");
}
