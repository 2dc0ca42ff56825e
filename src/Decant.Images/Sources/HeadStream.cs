namespace Decant.Images;

/// <summary>Keeps the first bytes of what is written to it.</summary>
sealed class HeadStream(int length) : Stream
{
    readonly byte[] head = new byte[length];
    int kept;

    public ReadOnlySpan<byte> Head => head.AsSpan(0, kept);

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int taken = Math.Min(buffer.Length, head.Length - kept);
        buffer[..taken].CopyTo(head.AsSpan(kept));
        kept += taken;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
