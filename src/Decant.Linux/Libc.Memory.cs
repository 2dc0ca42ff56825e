using System.Runtime.InteropServices;

namespace Decant.Linux;

public static unsafe partial class Libc
{
    /// <summary>mmap(2); -1 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint MapMemory(nint address, nuint length, int protection, int flags, int descriptor, long offset);

    /// <summary>munmap(2).</summary>
    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int UnmapMemory(nint address, nuint length);

    /// <summary>mincore(2): a byte for each page, 1 where it is in memory.</summary>
    [LibraryImport(Library, EntryPoint = "mincore", SetLastError = true)]
    public static partial int MinCore(nint address, nuint length, byte* pages);

    /// <summary>sysconf(3).</summary>
    [LibraryImport(Library, EntryPoint = "sysconf")]
    public static partial long SystemConfiguration(int name);

    /// <summary>sync(2).</summary>
    [LibraryImport(Library, EntryPoint = "sync")]
    public static partial void SyncAll();
}
