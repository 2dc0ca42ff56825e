using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Files that are whole after a crash, or as they were: written aside, synced, renamed.</summary>
static class DurableFile
{
    const uint PrivateFile = 0x180; // 0600
    const OpenFlags New = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;

    /// <summary>Replaces the target in one step. The directory for the file in progress is on the same file system.</summary>
    /// <exception cref="LinuxException">It names the target; what it was before is still there, and nothing beside it.</exception>
    public static void Write(string temporaryDirectory, string target, ReadOnlySpan<byte> bytes)
    {
        string temporary = TemporaryName(temporaryDirectory);
        Errno errno = TryWriteNew(temporary, bytes);
        if (errno == Errno.None)
            errno = LinuxFile.TryRename(null, temporary, null, target);
        if (errno != Errno.None)
        {
            _ = LinuxFile.TryUnlink(null, temporary);
            throw new LinuxException("write", target, errno);
        }

        SyncDirectory(Path.GetDirectoryName(target)!);
    }

    /// <summary>A new file for its owner alone.</summary>
    public static FileStream Create(string path) => new NewFile(LinuxFile.Open(path, New, PrivateFile), path);

    public static string TemporaryName(string directory) => $"{directory}/{Guid.NewGuid():N}";

    /// <summary>Makes the names in a directory outlast a crash.</summary>
    public static void SyncDirectory(string directory)
    {
        using SafeFileHandle handle = LinuxFile.Open(directory, OpenFlags.ReadOnly | OpenFlag.Directory);
        LinuxFile.Sync(handle, directory);
    }

    static Errno TryWriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        Errno errno = LinuxFile.TryOpen(null, path, New, PrivateFile, out SafeFileHandle? file);
        if (file is null)
            return errno;
        using (file)
        {
            errno = LinuxFile.TryWrite(file, bytes);
            return errno == Errno.None ? LinuxFile.TrySync(file) : errno;
        }
    }
}
