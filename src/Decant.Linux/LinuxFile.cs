using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>
/// File system calls relative to an open directory, with names as <see cref="PathBytes"/> has them. A null directory
/// means the working directory (AT_FDCWD). Nothing here follows a symbolic link in the last component unless it says so.
/// Methods named Try… return the error; the others throw <see cref="LinuxException"/> with the operation and the path.
/// </summary>
public static unsafe partial class LinuxFile
{
    const int AtFdCwd = -100;
    const int AtSymlinkNoFollow = 0x100;
    const int AtRemoveDirectory = 0x200;
    const int AtEmptyPath = 0x1000;

    public static SafeFileHandle Open(string path, OpenFlags flags, uint mode = 0) => Open(null, path, flags, mode);

    /// <summary>openat(2), O_CLOEXEC always set.</summary>
    public static SafeFileHandle Open(SafeFileHandle? directory, string path, OpenFlags flags, uint mode = 0)
    {
        Errno errno = TryOpen(directory, path, flags, mode, out SafeFileHandle? file);
        return file ?? throw new LinuxException("open", path, errno);
    }

    public static Errno TryOpen(SafeFileHandle? directory, string path, OpenFlags flags, uint mode, out SafeFileHandle? file)
    {
        using CPath c = new(path);
        int fd;
        do fd = Libc.OpenAt(Number(directory), c.Pointer, (int)(flags | OpenFlags.CloseOnExec), mode);
        while (fd < 0 && LastError == Errno.EINTR);
        file = fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        return fd < 0 ? LastError : Errno.None;
    }

    /// <summary>openat2(2) (Linux 5.6), O_CLOEXEC always set.</summary>
    public static SafeFileHandle Open(SafeFileHandle directory, string path, OpenFlags flags, uint mode, ResolveFlags resolve)
    {
        Errno errno = TryOpen(directory, path, flags, mode, resolve, out SafeFileHandle? file);
        return file ?? throw new LinuxException("open", path, errno);
    }

    public static Errno TryOpen(SafeFileHandle directory, string path, OpenFlags flags, uint mode, ResolveFlags resolve, out SafeFileHandle? file)
    {
        using CPath c = new(path);
        OpenHow how = new() { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Mode = mode, Resolve = (ulong)resolve };
        long fd;
        // EAGAIN: a rename elsewhere raced with an in-root resolution; the kernel asks to try again.
        do fd = Libc.Syscall(SyscallNumber.Openat2, Number(directory), (long)c.Pointer, (long)&how, sizeof(OpenHow));
        while (fd < 0 && LastError is Errno.EINTR or Errno.EAGAIN);
        if (fd < 0 && LastError == Errno.ENOSYS && resolve == (ResolveFlags.NoSymlinks | ResolveFlags.Beneath))
            return TryOpenByComponents(directory, path, flags, mode, out file);
        file = fd < 0 ? null : new SafeFileHandle((nint)fd, ownsHandle: true);
        return fd < 0 ? LastError : Errno.None;
    }

    /// <summary>What NoSymlinks and Beneath mean, for kernels before 5.6 and emulators: each component opened in the one before, no link followed.</summary>
    static Errno TryOpenByComponents(SafeFileHandle directory, string path, OpenFlags flags, uint mode, out SafeFileHandle? file)
    {
        file = null;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.StartsWith('/') || Array.IndexOf(names, "..") >= 0 || names.Length == 0)
            return Errno.EXDEV;
        SafeFileHandle at = directory;
        try
        {
            for (int i = 0; i < names.Length - 1; i++)
            {
                Errno errno = TryOpen(at, names[i], OpenFlags.Path | OpenFlag.Directory | OpenFlag.NoFollow, 0, out SafeFileHandle? next);
                if (next is null)
                    return errno;
                if (at != directory)
                    at.Dispose();
                at = next;
            }

            return TryOpen(at, names[^1], flags | OpenFlag.NoFollow, mode, out file);
        }
        finally
        {
            if (at != directory)
                at.Dispose();
        }
    }

    public static FileStatus Status(string path, bool follow = false) => Status(null, path, follow);

    public static FileStatus Status(SafeFileHandle? directory, string path, bool follow = false)
    {
        Errno errno = TryStatus(directory, path, follow, out FileStatus status);
        return errno == Errno.None ? status : throw new LinuxException("stat", path, errno);
    }

    /// <summary>fstat(2).</summary>
    public static FileStatus Status(SafeFileHandle file)
    {
        byte empty = 0;
        StatxBuffer buffer;
        if (Libc.Statx(Number(file), &empty, AtEmptyPath, 0x7ff, &buffer) != 0)
            throw new LinuxException("stat", null, LastError);
        return buffer.ToStatus();
    }

    public static Errno TryStatus(SafeFileHandle? directory, string path, bool follow, out FileStatus status)
    {
        using CPath c = new(path);
        StatxBuffer buffer;
        int rc = Libc.Statx(Number(directory), c.Pointer, follow ? 0 : AtSymlinkNoFollow, 0x7ff, &buffer);
        status = rc == 0 ? buffer.ToStatus() : default;
        return rc == 0 ? Errno.None : LastError;
    }

    public static bool Exists(string path) => TryStatus(null, path, follow: false, out _) == Errno.None;

    public static FileSystemStatus FileSystem(string path)
    {
        using CPath c = new(path);
        StatfsBuffer buffer;
        if (Libc.Statfs(c.Pointer, &buffer) != 0)
            throw new LinuxException("statfs", path, LastError);
        return new FileSystemStatus(buffer.Type, (long)buffer.BlocksAvailable * buffer.BlockSize, buffer.Flags);
    }

    /// <summary>faccessat(2) with the effective identity; mode: 4 read, 2 write, 1 execute, 0 exists. Follows links.</summary>
    public static bool CanAccess(string path, int mode)
    {
        using CPath c = new(path);
        return Libc.FaccessAt(AtFdCwd, c.Pointer, mode, 0x200 /* AT_EACCESS */) == 0;
    }

    public static void MakeDirectory(SafeFileHandle? directory, string path, uint mode) =>
        Check(TryMakeDirectory(directory, path, mode), "mkdir", path);

    public static Errno TryMakeDirectory(SafeFileHandle? directory, string path, uint mode)
    {
        using CPath c = new(path);
        return Result(Libc.MkdirAt(Number(directory), c.Pointer, mode));
    }

    /// <summary>As mkdir -p has it; <paramref name="failed"/> is the directory that could not be made.</summary>
    public static Errno TryMakeDirectories(string path, uint mode, out string failed)
    {
        failed = path;
        if (TryStatus(null, path, follow: true, out FileStatus status) == Errno.None)
            return status.IsDirectory ? Errno.None : Errno.ENOTDIR;
        Errno errno = path == "/" ? Errno.None : TryMakeDirectories(LinuxPath.Parent(path), mode, out failed);
        if (errno != Errno.None)
            return errno;
        failed = path;
        errno = TryMakeDirectory(null, path, mode);
        // Somebody else made it meanwhile, or it is a link that leads nowhere.
        bool there = errno == Errno.EEXIST && TryStatus(null, path, follow: true, out status) == Errno.None && status.IsDirectory;
        return there ? Errno.None : errno;
    }

    public static Errno TryMakeNode(SafeFileHandle? directory, string path, uint mode, DeviceNumber device)
    {
        using CPath c = new(path);
        return Result(Libc.MknodAt(Number(directory), c.Pointer, mode, device.Encoded));
    }

    public static void MakeSymbolicLink(string target, SafeFileHandle? directory, string path) =>
        Check(TryMakeSymbolicLink(target, directory, path), "symlink", path);

    public static Errno TryMakeSymbolicLink(string target, SafeFileHandle? directory, string path)
    {
        using CPath t = new(target);
        using CPath c = new(path);
        return Result(Libc.SymlinkAt(t.Pointer, Number(directory), c.Pointer));
    }

    /// <summary>linkat(2) without following.</summary>
    public static Errno TryLink(SafeFileHandle? oldDirectory, string oldPath, SafeFileHandle? newDirectory, string newPath)
    {
        using CPath o = new(oldPath);
        using CPath n = new(newPath);
        return Result(Libc.LinkAt(Number(oldDirectory), o.Pointer, Number(newDirectory), n.Pointer, 0));
    }

    public static Errno TryUnlink(SafeFileHandle? directory, string path)
    {
        using CPath c = new(path);
        return Result(Libc.UnlinkAt(Number(directory), c.Pointer, 0));
    }

    public static Errno TryRemoveDirectory(SafeFileHandle? directory, string path)
    {
        using CPath c = new(path);
        return Result(Libc.UnlinkAt(Number(directory), c.Pointer, AtRemoveDirectory));
    }

    /// <summary>rename(2): replaces the target in one step.</summary>
    public static void Rename(SafeFileHandle? oldDirectory, string oldPath, SafeFileHandle? newDirectory, string newPath) =>
        Check(TryRename(oldDirectory, oldPath, newDirectory, newPath), "rename", $"{oldPath} to {newPath}");

    public static Errno TryRename(SafeFileHandle? oldDirectory, string oldPath, SafeFileHandle? newDirectory, string newPath)
    {
        using CPath o = new(oldPath);
        using CPath n = new(newPath);
        return Result(Libc.RenameAt(Number(oldDirectory), o.Pointer, Number(newDirectory), n.Pointer));
    }

    public static string ReadLink(SafeFileHandle? directory, string path)
    {
        Errno errno = TryReadLink(directory, path, out string? target);
        return target ?? throw new LinuxException("readlink", path, errno);
    }

    public static Errno TryReadLink(SafeFileHandle? directory, string path, out string? target)
    {
        using CPath c = new(path);
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* b = buffer)
        {
            nint length = Libc.ReadLinkAt(Number(directory), c.Pointer, b, (nuint)buffer.Length);
            target = length < 0 ? null : PathBytes.Decode(buffer[..(int)length]);
            return length < 0 ? LastError : Errno.None;
        }
    }

    /// <summary>The absolute path without links of a file of the host (realpath(3)).</summary>
    public static Errno TryRealPath(string path, out string? resolved)
    {
        using CPath c = new(path);
        byte* buffer = stackalloc byte[4097];
        byte* result = Libc.RealPath(c.Pointer, buffer);
        resolved = result is null ? null : PathBytes.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result));
        return result is null ? LastError : Errno.None;
    }

    /// <summary>chmod of anything but a symbolic link; the caller knows that the last component is none.</summary>
    public static Errno TryChangeMode(SafeFileHandle? directory, string path, uint mode)
    {
        using CPath c = new(path);
        return Result(Libc.FchmodAt(Number(directory), c.Pointer, mode, 0));
    }

    public static Errno TryChangeMode(SafeFileHandle file, uint mode) => Result(Libc.Fchmod(Number(file), mode));

    public static Errno TryChangeOwner(SafeFileHandle? directory, string path, uint owner, uint group)
    {
        using CPath c = new(path);
        return Result(Libc.FchownAt(Number(directory), c.Pointer, owner, group, AtSymlinkNoFollow));
    }

    /// <summary>Sets access and modification time of the file itself, links included, to the nanosecond.</summary>
    public static Errno TrySetTimes(SafeFileHandle? directory, string path, UnixTime accessed, UnixTime modified)
    {
        using CPath c = new(path);
        Timespec* times = stackalloc Timespec[2];
        times[0] = new Timespec { Seconds = accessed.Seconds, Nanoseconds = accessed.Nanoseconds };
        times[1] = new Timespec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        return Result(Libc.UtimensAt(Number(directory), c.Pointer, times, AtSymlinkNoFollow));
    }

    /// <summary>fsync(2).</summary>
    public static void Sync(SafeFileHandle file, string path) => Check(TrySync(file), "fsync", path);

    public static Errno TrySync(SafeFileHandle file) => Result(Libc.Fsync(Number(file)));

    /// <summary>syncfs(2): everything that the file system holding this file has not written.</summary>
    public static void SyncFileSystem(SafeFileHandle file, string path) => Check(Result(Libc.Syncfs(Number(file))), "syncfs", path);

    /// <summary>flock(2). Returns false where another open file holds the lock and waiting was not asked for.</summary>
    public static bool Lock(SafeFileHandle file, string path, bool exclusive, bool wait)
    {
        int operation = (exclusive ? 2 : 1) | (wait ? 0 : 4);
        Errno errno;
        do errno = Result(Libc.Flock(Number(file), operation));
        while (errno == Errno.EINTR);
        if (errno == Errno.EAGAIN)
            return false;
        Check(errno, "flock", path);
        return true;
    }

    /// <summary>Gives up a lock of flock(2), also for those who share the open file.</summary>
    public static void Unlock(SafeFileHandle file) => Check(Result(Libc.Flock(Number(file), 8)), "flock", "a file held");

    /// <summary>A whole small file. Files of /proc and /sys have no size, so it reads to the end.</summary>
    public static byte[] ReadAll(SafeFileHandle? directory, string path)
    {
        Errno errno = TryReadAll(directory, path, out byte[] bytes);
        return errno == Errno.None ? bytes : throw new LinuxException("read", path, errno);
    }

    public static Errno TryReadAll(SafeFileHandle? directory, string path, out byte[] bytes)
    {
        bytes = [];
        Errno errno = TryOpen(directory, path, OpenFlags.ReadOnly | OpenFlags.NoControllingTerminal, 0, out SafeFileHandle? file);
        if (file is null)
            return errno;
        using (file)
            return TryReadAll(file, out bytes);
    }

    /// <summary>Everything from the file's current position on.</summary>
    public static Errno TryReadAll(SafeFileHandle file, out byte[] bytes)
    {
        // Most files fit, and fresh memory costs more than a copy.
        Span<byte> buffer = stackalloc byte[4096];
        int length = 0;
        bytes = [];
        while (true)
        {
            if (length == buffer.Length)
            {
                Span<byte> larger = new byte[buffer.Length * 2];
                buffer.CopyTo(larger);
                buffer = larger;
            }

            nint read;
            fixed (byte* b = buffer)
                read = Libc.Read(Number(file), b + length, (nuint)(buffer.Length - length));
            if (read < 0)
            {
                if (LastError == Errno.EINTR)
                    continue;
                return LastError;
            }

            if (read == 0)
            {
                bytes = buffer[..length].ToArray();
                return Errno.None;
            }

            length += (int)read;
        }
    }

    /// <summary>Writes all bytes at the file's position.</summary>
    public static Errno TryWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* b = bytes)
                written = Libc.Write(Number(file), b, (nuint)bytes.Length);
            if (written >= 0)
                bytes = bytes[(int)written..];
            else if (LastError != Errno.EINTR)
                return LastError;
        }

        return Errno.None;
    }

    /// <summary>The number of an open file; AT_FDCWD for null.</summary>
    public static int Number(SafeFileHandle? file) => file is null ? AtFdCwd : (int)file.DangerousGetHandle();

    internal static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    static Errno Result(long rc) => rc == 0 ? Errno.None : LastError;

    static void Check(Errno errno, string operation, string subject)
    {
        if (errno != Errno.None)
            throw new LinuxException(operation, subject, errno);
    }
}
