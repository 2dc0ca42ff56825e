using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>What a file that is open gets: content, and what else a file has, without another walk to its name.</summary>
public static unsafe partial class LinuxFile
{
    /// <summary>pwrite(2) until all is written; the path is for the message.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, string path)
    {
        fixed (byte* b = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint written = Libc.PWrite(Number(file), b + done, (nuint)(bytes.Length - done), offset + done);
                if (written < 0 && LastError != Errno.EINTR)
                    throw new LinuxException("write", path, LastError);
                done += written < 0 ? 0 : (int)written;
            }
        }
    }

    /// <summary>ftruncate(2): also how a file gets a hole at its end.</summary>
    public static void SetLength(SafeFileHandle file, long length, string path) =>
        Check(Result(Libc.Ftruncate(Number(file), length)), "truncate", path);

    public static Errno TryChangeOwner(SafeFileHandle file, uint owner, uint group) => Result(Libc.Fchown(Number(file), owner, group));

    /// <summary>Sets access and modification time to the nanosecond.</summary>
    public static Errno TrySetTimes(SafeFileHandle file, UnixTime accessed, UnixTime modified)
    {
        Timespec* times = stackalloc Timespec[2];
        times[0] = new Timespec { Seconds = accessed.Seconds, Nanoseconds = accessed.Nanoseconds };
        times[1] = new Timespec { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        return Result(Libc.Futimens(Number(file), times));
    }

    public static Errno TrySetXattr(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        using CPath n = new(name);
        fixed (byte* v = value)
            return Result(Libc.FSetXattr(Number(file), n.Pointer, v, (nuint)value.Length, 0));
    }

    /// <summary>
    /// A whole small file in the fewest calls, made by number: each of the C library's wrappers is a cancellation point, which costs as much
    /// as the lesser of these calls. Nothing that has the name already is opened; in that case the answer is false.
    /// </summary>
    /// <exception cref="LinuxException">Any other failure; the file may be left, unfinished.</exception>
    public static bool TryMakeFile(SafeFileHandle directory, string name, in NewFileMetadata metadata, ReadOnlySpan<byte> content)
    {
        const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.CloseOnExec;
        using CPath c = new(name);
        long file;
        do file = Libc.Syscall(SyscallNumber.Openat, Number(directory), (long)c.Pointer, (long)(create | OpenFlag.NoFollow), metadata.Mode & 0x1FF);
        while (file < 0 && LastError == Errno.EINTR);
        if (file < 0)
            return LastError == Errno.EEXIST ? false : throw new LinuxException("make", name, LastError);
        try
        {
            Fill(file, name, metadata, content);
        }
        finally
        {
            _ = Libc.Syscall(SyscallNumber.Close, file);
        }

        return true;
    }

    static void Fill(long file, string name, in NewFileMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (metadata.Owner is var (uid, gid))
            Check(Result(Libc.Syscall(SyscallNumber.Fchown, file, uid, gid)), "change the owner of", name);
        fixed (byte* b = content)
        {
            for (long done = 0; done < content.Length;)
            {
                long written = Libc.Syscall(SyscallNumber.Pwrite64, file, (long)(b + done), content.Length - done, done);
                if (written < 0 && LastError != Errno.EINTR)
                    throw new LinuxException("write", name, LastError);
                done += Math.Max(written, 0);
            }
        }

        Timespec* times = stackalloc Timespec[2];
        times[0] = new Timespec { Seconds = metadata.Accessed.Seconds, Nanoseconds = metadata.Accessed.Nanoseconds };
        times[1] = new Timespec { Seconds = metadata.Modified.Seconds, Nanoseconds = metadata.Modified.Nanoseconds };
        Check(Result(Libc.Syscall(SyscallNumber.Utimensat, file, 0, (long)times)), "set the times of", name);
        if (metadata.SetMode)
            Check(Result(Libc.Syscall(SyscallNumber.Fchmod, file, metadata.Mode)), "change the mode of", name);
    }
}
