using System.IO.Compression;
using Decant.Linux;

namespace Decant.Images;

/// <summary>How a layer's tar is packed, told by its first bytes and not by what a manifest claims.</summary>
enum LayerCompression
{
    None,
    Gzip,
    Zstd,
}

/// <summary>Reading packed layers.</summary>
static class LayerCompressions
{
    const int MagicLength = 6;

    /// <summary>The tar inside a blob; the blob stays open.</summary>
    /// <exception cref="DecantException">It is packed in a way that images do not use.</exception>
    public static Stream Unpack(Stream blob, string place, ImageLimits limits, out LayerCompression compression)
    {
        byte[] magic = new byte[MagicLength];
        int length = blob.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        compression = Detect(magic.AsSpan(0, length), place);
        return Open(new PrefixedStream(magic.AsMemory(0, length), blob), compression, place, limits);
    }

    /// <summary>The tar inside a blob whose packing is known; the blob stays open.</summary>
    public static Stream Open(Stream blob, LayerCompression compression, string place, ImageLimits limits) => compression switch
    {
        LayerCompression.Gzip => new GZipStream(blob, CompressionMode.Decompress, leaveOpen: true),
        LayerCompression.Zstd => new ZstdStream(blob, place, limits),
        _ => blob,
    };

    public static string MediaType(this LayerCompression compression) => compression switch
    {
        LayerCompression.Gzip => MediaTypes.LayerGzip,
        LayerCompression.Zstd => MediaTypes.LayerZstd,
        _ => MediaTypes.Layer,
    };

    /// <summary>By the first bytes of a blob, six at least where it has as many.</summary>
    /// <exception cref="DecantException">It is packed in a way that images do not use.</exception>
    public static LayerCompression Detect(ReadOnlySpan<byte> magic, string place)
    {
        if (magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return LayerCompression.Gzip;
        // A frame, or one of the sixteen kinds of frames to skip, which some packers put first (RFC 8878, 3.1.2).
        if (magic.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])
            || (magic.Length >= 4 && (magic[0] & 0xf0) == 0x50 && magic[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x4d, 0x18])))
            return LayerCompression.Zstd;
        string? other = magic.StartsWith("BZh"u8) ? "bzip2" : magic.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? "xz" : null;
        return other is null
            ? LayerCompression.None
            : throw new DecantException($"{place}: packed with {other}; decant reads gzip, zstd and plain tar", $"unpack it first: {(other == "xz" ? "unxz" : "bunzip2")}");
    }
}
