namespace Decant.Images;

/// <summary>A blob as it arrives, from its start. It may be sought in; what has not arrived yet is waited for.</summary>
sealed class BlobDownloadStream(BlobDownload download, Action onEnd) : ReadOnlyStream
{
    long position;
    bool ended;

    public override bool CanSeek => true;
    public override long Length => download.Size;

    public override long Position
    {
        get => position;
        set => position = Math.Clamp(value, 0, Length);
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int read = download.Read(buffer, position);
        position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => Length + offset,
    };

    public string? Sender => download.Sender;

    /// <summary>The file itself becomes the one of that path, once all has been read; who reads it goes on.</summary>
    public void MoveTo(string path) => download.MoveTo(path);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !ended)
        {
            ended = true;
            onEnd();
        }

        base.Dispose(disposing);
    }
}
