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
}
