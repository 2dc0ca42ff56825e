using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>
/// Makes root of the user namespace the owner of every directory in a tree, so that the caller outside, who root is there, can remove
/// it. Keeps to the rules of <see cref="ProgramWalker"/>.
/// </summary>
static unsafe class TreeOwnership
{
    /// <summary>Each level holds a descriptor and a few kilobytes of stack.</summary>
    const int Deepest = 500;

    const int EntriesSize = 2048;
    const byte DirectoryType = 4;
    const byte UnknownType = 0;
    const long EmptyPath = 0x1000;

    /// <summary>Returns the last error, or 0. Links are not followed.</summary>
    public static int Take(long parent, byte* name, int depth = 0)
    {
        long directory = Libc.RawSyscall(SyscallNumber.Openat, parent, (long)name, (long)(OpenFlag.Directory | OpenFlag.NoFollow | OpenFlags.CloseOnExec), 0, 0, 0);
        if (directory < 0)
            return *Libc.ErrnoLocation() is var error && error is (int)Errno.ENOTDIR or (int)Errno.ELOOP ? 0 : error;
        int result = 0;
        fixed (byte* itself = "\0"u8)
        {
            if (Libc.RawSyscall(SyscallNumber.Fchownat, directory, (long)itself, 0, 0, EmptyPath, 0) < 0)
                result = *Libc.ErrnoLocation();
        }

        byte* entries = stackalloc byte[EntriesSize];
        long read;
        while (depth < Deepest && (read = Libc.RawSyscall(SyscallNumber.Getdents64, directory, (long)entries, EntriesSize, 0, 0, 0)) > 0)
        {
            // struct linux_dirent64: the record's length at 16, the type at 18, the name at 19.
            for (long at = 0; at < read; at += *(ushort*)(entries + at + 16))
            {
                byte* child = entries + at + 19;
                bool special = child[0] == (byte)'.' && (child[1] == 0 || (child[1] == (byte)'.' && child[2] == 0));
                if (special || entries[at + 18] is not (DirectoryType or UnknownType))
                    continue;
                int below = Take(directory, child, depth + 1);
                if (below != 0)
                    result = below;
            }
        }

        Libc.RawSyscall(SyscallNumber.Close, directory, 0, 0, 0, 0, 0);
        return result;
    }
}
