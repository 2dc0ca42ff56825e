using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>A part of a file as a stream of its own: reads by offset (pread(2)), so that several can share one file.</summary>
sealed class SectionStream(SafeFileHandle file, string path, long start, long length, bool ownsFile) : ReadOnlyStream
{
    long position;

    public override bool CanSeek => true;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = Math.Clamp(value, 0, length);
    }

    /// <summary>A part of this part, from its own start; valid while this one is open.</summary>
    public SectionStream Slice(long offset, long count) => new(file, path, start + offset, count, ownsFile: false);

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - position);
        if (wanted == 0)
            return 0;
        int read = RandomAccess.Read(file, buffer[..wanted], start + position);
        if (read == 0)
            throw new DecantException($"{path}: the file ends at byte {start + position}, {length - position} bytes short");
        position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => length + offset,
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsFile)
            file.Dispose();
        base.Dispose(disposing);
    }
}
