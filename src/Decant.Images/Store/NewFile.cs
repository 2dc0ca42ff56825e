using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A file that is being made in the store, written from its start to its end. Its errors are the kernel's, so that a full disk is not
/// taken for a damaged archive.
/// </summary>
sealed class NewFile : FileStream
{
    // Not the base's property: that one moves the file's position back to where the base believes it to be.
    readonly SafeFileHandle handle;
    readonly string path;

    public NewFile(SafeFileHandle handle, string path)
        : base(handle, FileAccess.Write, bufferSize: 0)
    {
        this.handle = handle;
        this.path = path;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        Errno errno = LinuxFile.TryWrite(handle, bytes);
        if (errno != Errno.None)
            throw new LinuxException("write", path, errno);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
