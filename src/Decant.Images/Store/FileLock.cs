using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// flock(2) on an open file until disposed. It is given up by name and not by closing alone: a child that was forked in the
/// meantime and has not executed its program yet holds the same open file.
/// </summary>
sealed class FileLock : IDisposable
{
    FileLock(SafeFileHandle file) => File = file;

    public SafeFileHandle File { get; }

    /// <summary>Waits until it has it; the file is made where it is missing.</summary>
    public static FileLock Take(string path, bool exclusive)
    {
        SafeFileHandle file = LinuxFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create, 0x180 /* 0600 */);
        LinuxFile.Lock(file, path, exclusive, wait: true);
        return new FileLock(file);
    }

    /// <summary>Shared, waited for, without making or changing anything; null where the file is not there.</summary>
    public static FileLock? TakeForReading(string path)
    {
        Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly, 0, out SafeFileHandle? file);
        if (file is null)
            return errno == Errno.ENOENT ? null : throw new LinuxException("open", path, errno);
        LinuxFile.Lock(file, path, exclusive: false, wait: true);
        return new FileLock(file);
    }

    /// <summary>Null, and the file closed, where another has it.</summary>
    public static FileLock? TryTakeExclusive(SafeFileHandle file, string path)
    {
        if (LinuxFile.Lock(file, path, exclusive: true, wait: false))
            return new FileLock(file);
        file.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (File.IsClosed)
            return;
        LinuxFile.Unlock(File);
        File.Dispose();
    }
}
