using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Takes what a file should hold, as it comes, and compares it with what the file holds.</summary>
sealed class ContentComparison(SafeFileHandle file) : Stream
{
    const int BufferSize = 64 * 1024;

    readonly byte[] buffer = new byte[BufferSize];
    long offset;

    /// <summary>The first byte that differs; null where none does.</summary>
    public long? FirstDifference { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => offset;

    public override long Position { get => offset; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> expected)
    {
        while (!expected.IsEmpty && FirstDifference is null)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(buffer.Length, expected.Length)), offset);
            int same = expected.CommonPrefixLength(buffer.AsSpan(0, read));
            if (same < read || read == 0)
                FirstDifference = offset + same;
            offset += same;
            expected = expected[same..];
        }
    }

    public override void Write(byte[] source, int start, int count) => Write(source.AsSpan(start, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] into, int start, int count) => throw new NotSupportedException();

    public override long Seek(long to, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
