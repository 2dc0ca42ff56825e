using System.Runtime.InteropServices;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Bench;

/// <summary>How much of files is in the page cache: by cachestat(2), of Linux 6.5 and later; before, by mmap(2) and mincore(2).</summary>
public static class PageCache
{
    static readonly int PageBytes = Environment.SystemPageSize;

    /// <summary>A file, or all regular files below a directory, with the bytes that each has in the cache; hard links come once, mounted file systems below are left out.</summary>
    /// <returns>Empty where nothing is there.</returns>
    public static IEnumerable<(string Path, long Bytes)> Of(string path)
    {
        HashSet<(ulong, ulong)> seen = [];
        return LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) != Errno.None ? []
            : status.IsDirectory ? OfDirectory(path, status.Device, seen)
            : [(path, OfFile(path, status, seen))];
    }

    static IEnumerable<(string Path, long Bytes)> OfDirectory(string path, DeviceNumber device, HashSet<(ulong, ulong)> seen)
    {
        if (LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlags.CloseOnExec, 0, out SafeFileHandle? directory) != Errno.None)
            yield break;
        using (directory)
        {
            foreach (DirectoryItem item in LinuxFile.Items(directory!, path))
            {
                string below = $"{path}/{item.Name}";
                if (LinuxFile.TryStatus(null, below, follow: false, out FileStatus status) != Errno.None)
                    continue;
                if (status.IsDirectory && status.Device.Equals(device))
                {
                    foreach ((string, long) file in OfDirectory(below, device, seen))
                        yield return file;
                }
                else if (status.IsRegular)
                {
                    yield return (below, OfFile(below, status, seen));
                }
            }
        }
    }

    static long OfFile(string path, in FileStatus status, HashSet<(ulong, ulong)> seen)
    {
        if (!status.IsRegular || status.Size == 0 || (status.Links > 1 && !seen.Add((status.Device.Encoded, status.Inode))))
            return 0;
        if (LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly | OpenFlag.NoFollow | OpenFlags.CloseOnExec, 0, out SafeFileHandle? file) != Errno.None)
            return 0;
        using (file)
            return ByCachestat(file!) ?? ByMincore(file!, status.Size);
    }

    static unsafe long? ByCachestat(SafeFileHandle file)
    {
        const long Cachestat = 451;
        Range all;
        Counts counts;
        return Libc.Syscall(Cachestat, LinuxFile.Number(file), (long)&all, (long)&counts, 0) == 0 ? (long)counts.Cached * PageBytes : null;
    }

    static unsafe long ByMincore(SafeFileHandle file, long size)
    {
        // A window at a time: the vector takes a byte for each page.
        const long Window = 1L << 30;
        byte[] pages = new byte[(int)Math.Min((Math.Min(size, Window) + PageBytes - 1) / PageBytes, int.MaxValue)];
        long cached = 0;
        for (long offset = 0; offset < size; offset += Window)
        {
            long length = Math.Min(Window, size - offset);
            nint address = Libc.MapMemory(0, (nuint)length, 1 /* PROT_READ */, 1 /* MAP_SHARED */, LinuxFile.Number(file), offset);
            if (address == -1)
                return cached;
            fixed (byte* vector = pages)
            {
                if (Libc.MinCore(address, (nuint)length, vector) == 0)
                    cached += pages.AsSpan(0, (int)((length + PageBytes - 1) / PageBytes)).Count((byte)1) * (long)PageBytes;
            }

            Libc.UnmapMemory(address, (nuint)length);
        }

        return cached;
    }

    /// <summary>struct cachestat_range; a length of 0 is to the end of the file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Range
    {
        public ulong Offset;
        public ulong Length;
    }

    /// <summary>struct cachestat, in pages.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Counts
    {
        public ulong Cached;
        public ulong Dirty;
        public ulong Writeback;
        public ulong Evicted;
        public ulong RecentlyEvicted;
    }
}
