using Decant.Linux;

namespace Decant.Images;

/// <summary>A layer of an image read as its tar: unpacked on the way, and checked against the blob's digest and the diff ID at its end.</summary>
sealed class LayerTar : ReadOnlyStream
{
    readonly string place;
    readonly Digest diffId;
    readonly VerifyingStream blob;
    readonly ContentHash hash;
    readonly HashingStream tar;
    bool verified;

    public LayerTar(SourceImage image, int layer, ImageLimits limits)
    {
        place = $"{image.Text}: layer {layer + 1} of {image.Layers.Count} ({image.Layers[layer].Digest})";
        diffId = image.Config.DiffIds[layer];
        blob = new VerifyingStream(image.OpenLayer(layer), image.Layers[layer], place);
        hash = diffId.NewHash();
        Stream unpacked = LayerCompressions.Unpack(blob, place, limits, out LayerCompression compression);
        tar = new HashingStream(compression == LayerCompression.None ? unpacked : new MeteredStream(unpacked, place, limits, image.Layers[layer].Size), hash);
    }

    /// <summary>Names the layer in messages.</summary>
    public string Place => place;

    /// <summary>Bytes read so far.</summary>
    public long Count => tar.Count;

    public override int Read(Span<byte> buffer)
    {
        int read = tar.Read(buffer);
        if (read == 0 && !buffer.IsEmpty)
            Verify();
        return read;
    }

    /// <summary>Reads what is left, to its verified end.</summary>
    public void Drain() => CopyTo(Null, 128 * 1024);

    void Verify()
    {
        if (verified)
            return;
        // What follows the packed tar belongs to the blob too; its end is what verifies it.
        blob.CopyTo(Null, 128 * 1024);
        Digest actual = hash.Finish();
        if (actual != diffId)
            throw new DecantException($"{place}: unpacked it has the digest {actual}, and the configuration wants {diffId}", "pull the image again: it was damaged or changed on the way");
        verified = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tar.Dispose();
            blob.Dispose();
            hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
