namespace Decant.Images;

/// <summary>One reader's view of a ring as a stream; what knows rings can look at the bytes in place.</summary>
sealed class BlockStream(BlockRing ring, int reader) : ReadOnlyStream
{
    ReadOnlyMemory<byte> rest;
    bool holds;

    /// <summary>What comes next, in place: at least a byte, or nothing at the end. Valid until the next call that reads or looks.</summary>
    public ReadOnlySpan<byte> Look()
    {
        while (rest.IsEmpty)
        {
            if (holds)
                ring.EndRead(reader);
            holds = false;
            rest = ring.BeginRead(reader);
            if (rest.IsEmpty)
                return default;
            holds = true;
        }

        return rest.Span;
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    public void Pass(int count) => rest = rest[count..];

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        ReadOnlySpan<byte> next = Look();
        int length = Math.Min(next.Length, buffer.Length);
        next[..length].CopyTo(buffer);
        Pass(length);
        return length;
    }
}
