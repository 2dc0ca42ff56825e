namespace Decant.Linux;

/// <summary>Descriptors 0, 1 and 2.</summary>
public static unsafe class StandardDescriptors
{
    const long GetDescriptorFlags = 1;

    /// <summary>
    /// A caller may close stdin, stdout or stderr; the next file opened would then take that number and be taken for it. /dev/null
    /// stands in, as docker's programs find it. To be called before the first file is opened.
    /// </summary>
    public static void OpenMissing()
    {
        for (long stdio = 0; stdio < 3; stdio++)
        {
            if (Libc.RawSyscall(SyscallNumber.Fcntl, stdio, GetDescriptorFlags, 0, 0, 0, 0) >= 0)
                continue;
            fixed (byte* path = "/dev/null\0"u8)
                Libc.RawSyscall(SyscallNumber.Openat, -100, (long)path, (long)OpenFlags.ReadWrite, 0, 0, 0);
        }
    }
}
