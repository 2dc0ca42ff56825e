namespace Decant.Images;

/// <summary>Copies what is read through it to a file, where one is given, and tells how much it was.</summary>
sealed class CopyingStream(Stream inner, Stream? copy, Action<long> onRead) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        copy?.Write(buffer[..read]);
        onRead(read);
        return read;
    }
}
