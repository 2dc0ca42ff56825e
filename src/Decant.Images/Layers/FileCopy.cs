using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>A second file with the same content and metadata, where a hard link is not to be had.</summary>
static class FileCopy
{
    const int BufferSize = 256 * 1024;

    /// <summary>The name must be free. A directory is not copied.</summary>
    public static Errno TryCopy(SafeFileHandle? fromDirectory, string fromName, SafeFileHandle toDirectory, string toName, MetadataWriter metadata)
    {
        FileStatus status = LinuxFile.Status(fromDirectory, fromName);
        Errno errno = status.Type switch
        {
            FileType.Regular => TryCopyContent(fromDirectory, fromName, toDirectory, toName),
            FileType.SymbolicLink => LinuxFile.TryMakeSymbolicLink(LinuxFile.ReadLink(fromDirectory, fromName), toDirectory, toName),
            FileType.Directory => Errno.EISDIR,
            _ => LinuxFile.TryMakeNode(toDirectory, toName, status.Mode, status.Represents),
        };
        if (errno != Errno.None)
            return errno;
        string path = fromDirectory is null ? fromName : $"/proc/self/fd/{LinuxFile.Number(fromDirectory)}/{fromName}";
        metadata.Apply(toDirectory, toName, FileMetadata.Read(path), status.IsSymbolicLink, fromName);
        return Errno.None;
    }

    static Errno TryCopyContent(SafeFileHandle? fromDirectory, string fromName, SafeFileHandle toDirectory, string toName)
    {
        using SafeFileHandle from = LinuxFile.Open(fromDirectory, fromName, OpenFlags.ReadOnly | OpenFlag.NoFollow);
        const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        Errno errno = LinuxFile.TryOpen(toDirectory, toName, create | OpenFlag.NoFollow, 0x180, out SafeFileHandle? to);
        if (to is null)
            return errno;
        using (to)
        {
            byte[] buffer = new byte[BufferSize];
            long offset = 0;
            int read;
            while ((read = RandomAccess.Read(from, buffer, offset)) > 0)
            {
                LinuxFile.Write(to, buffer.AsSpan(0, read), offset, toName);
                offset += read;
            }
        }

        return Errno.None;
    }
}
