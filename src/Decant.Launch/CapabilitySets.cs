using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>The capability sets of a thread (capabilities(7)), 64 bits each.</summary>
readonly record struct CapabilitySets(ulong Effective, ulong Permitted, ulong Inheritable)
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3 of linux/capability.h.</summary>
    public const uint Version3 = 0x20080522;

    /// <summary>The calling thread's (capget(2)).</summary>
    public static unsafe CapabilitySets OfCaller()
    {
        uint* header = stackalloc uint[2];
        header[0] = Version3;
        // struct __user_cap_data_struct twice: effective, permitted, inheritable; low halves first.
        uint* data = stackalloc uint[6];
        if (Libc.Syscall(SyscallNumber.Capget, (long)header, (long)data) != 0)
            throw new LinuxException("capget", null, (Errno)Marshal.GetLastPInvokeError());
        return new CapabilitySets(data[0] | ((ulong)data[3] << 32), data[1] | ((ulong)data[4] << 32), data[2] | ((ulong)data[5] << 32));
    }

    /// <summary>The data for capset(2), with an empty inheritable set.</summary>
    public byte[] WithoutInheritable()
    {
        uint[] data = [(uint)Effective, (uint)Permitted, 0, (uint)(Effective >> 32), (uint)(Permitted >> 32), 0];
        return MemoryMarshal.AsBytes(data.AsSpan()).ToArray();
    }
}
