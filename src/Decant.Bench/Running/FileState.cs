using Decant.Linux;

namespace Decant.Bench;

/// <summary>By what a file that was written again differs from what it was.</summary>
readonly record struct FileState(ulong Inode, long Size, UnixTime Changed)
{
    /// <summary>Null where there is no such file.</summary>
    public static FileState? Of(string path) =>
        LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) == Errno.None ? new FileState(status.Inode, status.Size, status.Changed) : null;
}
