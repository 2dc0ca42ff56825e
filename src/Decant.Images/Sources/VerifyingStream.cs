using Decant.Linux;

namespace Decant.Images;

/// <summary>A blob while it is read: its bytes are counted and hashed, and its end is an error unless size and digest are the descriptor's.</summary>
sealed class VerifyingStream : ReadOnlyStream
{
    readonly Stream inner;
    readonly Descriptor expected;
    readonly string place;
    readonly Func<string?>? sender;
    readonly ContentHash hash;
    long count;
    bool verified;

    /// <summary>Owns the inner stream; the place is for messages, and so is who sent the bytes, where there was a choice.</summary>
    public VerifyingStream(Stream inner, Descriptor expected, string place, Func<string?>? sender = null)
    {
        this.inner = inner;
        this.sender = sender;
        this.expected = expected;
        this.place = place;
        hash = expected.Digest.NewHash();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        if (buffer.IsEmpty)
            return 0;
        count += read;
        if (count > expected.Size)
            throw new DecantException($"{place}: longer than the {expected.Size} bytes that its descriptor gives");
        if (read > 0)
            hash.Append(buffer[..read]);
        else
            Verify();
        return read;
    }

    void Verify()
    {
        if (verified)
            return;
        if (count < expected.Size)
            throw new DecantException($"{place}: ends after {count} bytes of the {expected.Size} that its descriptor gives");
        Digest actual = hash.Finish();
        if (actual != expected.Digest)
            throw Wrong(actual);
        verified = true;
    }

    DecantException Wrong(Digest actual)
    {
        string cause = $"{place}: the content has the digest {actual}, so it is not what the manifest means";
        return sender?.Invoke() is { } host
            ? new DecantException($"{cause}; it came from {host}", $"if {host} is a mirror, mend it or take it out of the configuration")
            : new DecantException(cause, "copy the image again: it was damaged or changed on the way");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
