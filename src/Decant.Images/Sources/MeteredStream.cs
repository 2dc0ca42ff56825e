using Decant.Linux;

namespace Decant.Images;

/// <summary>What comes out of a decompressor, up to as much as the limits let so many packed bytes become.</summary>
sealed class MeteredStream(Stream inner, string place, ImageLimits limits, long packedBytes) : ReadOnlyStream
{
    readonly long most = limits.MostUnpacked(packedBytes);
    long count;

    public override int Read(Span<byte> buffer)
    {
        if (count > most)
        {
            (string message, string fix) = limits.TooMuchUnpacked(packedBytes);
            throw new DecantException($"{place}: {message}", fix);
        }

        int read = inner.Read(buffer);
        count += read;
        return read;
    }
}
