using System.Text;

namespace Decant.Linux;

/// <summary>Extended attributes (xattr(7)), never through a symbolic link. The kernel has no calls relative to a directory before 6.13, so these take whole paths.</summary>
public static unsafe partial class LinuxFile
{
    public static Errno TrySetXattr(string path, string name, ReadOnlySpan<byte> value)
    {
        using CPath c = new(path);
        using CPath n = new(name);
        fixed (byte* v = value)
            return Result(Libc.LSetXattr(c.Pointer, n.Pointer, v, (nuint)value.Length, 0));
    }

    public static Errno TryGetXattr(string path, string name, out byte[] value)
    {
        using CPath c = new(path);
        using CPath n = new(name);
        value = [];
        while (true)
        {
            nint size = Libc.LGetXattr(c.Pointer, n.Pointer, null, 0);
            if (size < 0)
                return LastError;
            byte[] buffer = new byte[size];
            fixed (byte* b = buffer)
            {
                nint read = Libc.LGetXattr(c.Pointer, n.Pointer, b, (nuint)size);
                // The value grew between the two calls.
                if (read < 0 && LastError == Errno.ERANGE)
                    continue;
                if (read < 0)
                    return LastError;
                value = read == size ? buffer : buffer[..(int)read];
                return Errno.None;
            }
        }
    }

    public static Errno TryListXattrs(string path, out List<string> names)
    {
        using CPath c = new(path);
        names = [];
        while (true)
        {
            nint size = Libc.LListXattr(c.Pointer, null, 0);
            if (size <= 0)
                return size < 0 ? LastError : Errno.None;
            byte[] buffer = new byte[size];
            fixed (byte* b = buffer)
            {
                nint read = Libc.LListXattr(c.Pointer, b, (nuint)size);
                if (read < 0 && LastError == Errno.ERANGE)
                    continue;
                if (read < 0)
                    return LastError;
                foreach (string name in Encoding.UTF8.GetString(buffer, 0, (int)read).Split('\0', StringSplitOptions.RemoveEmptyEntries))
                    names.Add(name);
                return Errno.None;
            }
        }
    }
}
