using Decant.Linux;

namespace Decant.Images;

/// <summary>Which state of a file it is, without reading it.</summary>
static class SourceStamp
{
    /// <summary>Device, inode, size and time of the last change of the content (the inode's too: a copy may keep the former); null for what is no regular file.</summary>
    public static string? Of(string path)
    {
        if (LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) != Errno.None || !status.IsRegular)
            return null;
        return $"{status.Device}/{status.Inode}/{status.Size}/{status.Modified.Seconds}.{status.Modified.Nanoseconds:d9}/{status.Changed.Seconds}.{status.Changed.Nanoseconds:d9}";
    }
}
