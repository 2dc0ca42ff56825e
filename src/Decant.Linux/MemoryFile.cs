namespace Decant.Linux;

/// <summary>A file that is on no disk (memfd_create(2)). It is there as long as this process, and no program that it starts has it.</summary>
public static unsafe class MemoryFile
{
    const long CloseOnExec = 1;

    /// <returns>A path by which this process opens it.</returns>
    /// <exception cref="LinuxException">The kernel gives none.</exception>
    public static string Create(string name, ReadOnlySpan<byte> content)
    {
        using CPath path = new(name);
        long fd = Libc.Syscall(SyscallNumber.MemfdCreate, (long)path.Pointer, CloseOnExec);
        if (fd < 0)
            throw new LinuxException("memfd_create", name, LinuxFile.LastError);
        for (int at = 0; at < content.Length;)
        {
            fixed (byte* start = content[at..])
            {
                nint written = Libc.Write((int)fd, start, (nuint)(content.Length - at));
                if (written < 0)
                    throw new LinuxException("write", name, LinuxFile.LastError);
                at += (int)written;
            }
        }

        return $"/proc/self/fd/{fd}";
    }
}
