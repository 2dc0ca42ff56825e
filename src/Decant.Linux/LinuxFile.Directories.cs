using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>Reading directories.</summary>
public static unsafe partial class LinuxFile
{
    /// <summary>getcwd(2).</summary>
    /// <exception cref="DecantException">It has been removed, or cannot be reached from this process's root.</exception>
    public static string WorkingDirectory()
    {
        const int PathMax = 4096;
        byte* buffer = stackalloc byte[PathMax];
        Errno errno = Libc.Syscall(SyscallNumber.Getcwd, (long)buffer, PathMax) < 0 ? LastError : Errno.None;
        // Outside of the root the kernel puts "(unreachable)" before the path.
        if (errno == Errno.None && *buffer == '/')
            return PathBytes.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
        string cause = errno switch
        {
            Errno.None => "it lies outside of this process's root",
            Errno.ENOENT => "it has been removed",
            _ => errno.Describe(),
        };
        throw new DecantException($"the working directory has no path: {cause}", "cd to a directory that is there, or write absolute paths");
    }

    /// <summary>The names in an open directory, without "." and "..", in the kernel's order.</summary>
    public static List<string> Names(SafeFileHandle directory, string path)
    {
        List<DirectoryItem> items = Items(directory, path);
        List<string> names = new(items.Count);
        foreach (DirectoryItem item in items)
            names.Add(item.Name);
        return names;
    }

    /// <summary>The names and types in an open directory, without "." and "..", in the kernel's order.</summary>
    public static List<DirectoryItem> Items(SafeFileHandle directory, string path)
    {
        List<DirectoryItem> items = [];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            fixed (byte* b = buffer)
            {
                while (true)
                {
                    long read = Libc.Syscall(SyscallNumber.Getdents64, Number(directory), (long)b, buffer.Length);
                    if (read < 0)
                        throw new LinuxException("read directory", path, LastError);
                    if (read == 0)
                        return items;
                    // struct linux_dirent64: u64 inode, s64 offset, u16 length, u8 type, name, zero.
                    for (int at = 0; at < read; at += MemoryMarshal.Read<ushort>(buffer.AsSpan(at + 16)))
                    {
                        ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(b + at + 19);
                        if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                            items.Add(new DirectoryItem(PathBytes.Decode(name), TypeOf(b[at + 18])));
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>DT_* are the type bits of a mode, twelve places down (IFTODT in dirent.h).</summary>
    static FileType? TypeOf(byte directoryType) => directoryType == 0 ? null : (FileType)((uint)directoryType << 12);
}
