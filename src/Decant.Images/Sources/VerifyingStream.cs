using Decant.Linux;

namespace Decant.Images;

/// <summary>A blob while it is read: its bytes are counted and hashed, and its end is an error unless size and digest are the descriptor's.</summary>
sealed class VerifyingStream : ReadOnlyStream
{
    readonly Stream inner;
    readonly Descriptor expected;
    readonly string place;
    readonly ContentHash hash;
    long count;
    bool verified;

    /// <summary>Owns the inner stream; the place is for messages.</summary>
    public VerifyingStream(Stream inner, Descriptor expected, string place)
    {
        this.inner = inner;
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
            throw new DecantException($"{place}: the content has the digest {actual}, so it is not what the manifest means", "copy the image again: it was damaged or changed on the way");
        verified = true;
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
