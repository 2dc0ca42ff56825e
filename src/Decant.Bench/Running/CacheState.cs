using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Bench;

/// <summary>Brings the page cache into the state of a <see cref="CachePolicy"/> and looks whether it got there.</summary>
static class CacheState
{
    /// <summary>Whether this caller may drop caches.</summary>
    public static bool MayDrop => LinuxFile.CanAccess("/proc/sys/vm/drop_caches", 2 /* W_OK */);

    /// <summary>Writes all that is dirty and drops all clean page cache, dentries and inodes.</summary>
    /// <returns>A remark where much of the cache stayed; null where it went.</returns>
    public static string? Drop()
    {
        Libc.SyncAll();
        HostMemory before = HostMemory.Read();
        using (SafeFileHandle file = LinuxFile.Open("/proc/sys/vm/drop_caches", OpenFlags.WriteOnly | OpenFlags.CloseOnExec))
        {
            Errno errno = LinuxFile.TryWrite(file, "3"u8);
            if (errno != Errno.None)
                throw new LinuxException("write", "/proc/sys/vm/drop_caches", errno);
        }

        long left = HostMemory.Read().FileCache;
        // What programs have mapped stays, so some part always does.
        return left <= before.FileCache / 2 || left < (256L << 20) ? null
            : "more than half of the page cache stayed when caches were dropped: locked or mapped files, or a file system that keeps them";
    }
}
