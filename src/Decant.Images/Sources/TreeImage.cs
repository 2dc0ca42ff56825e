using Decant.Linux;

namespace Decant.Images;

/// <summary>An image of one layer made of a bare tree in a tar file: its configuration is empty where none is given, its processor is that of its programs.</summary>
static class TreeImage
{
    /// <summary>Takes over the file. It is read once here, for its digests and the processor, and again when it is unpacked.</summary>
    public static SourceImage Open(string text, SectionStream file, string? suggestedName, Platform platform, ImageLimits limits,
        RunConfigDocument? run = null, IReadOnlyList<string>? notes = null)
    {
        try
        {
            using ContentHash stored = ContentHash.Sha256();
            using ContentHash unpacked = ContentHash.Sha256();
            HashingStream blob = new(file, stored);
            LayerCompression compression;
            string? architecture;
            using (HashingStream tar = new(LayerCompressions.Unpack(blob, text, limits, out compression), unpacked))
            {
                architecture = new TreeScan(text, limits, compression == LayerCompression.None ? null : file.Length).Architecture(tar);
            }

            blob.CopyTo(Stream.Null);
            Platform image = architecture is null ? platform : new Platform("linux", architecture, architecture == platform.Architecture ? platform.Variant : null);
            Descriptor layer = new(compression.MediaType(), stored.Finish(), file.Length);
            SourceImage made = SourceImage.WithMadeManifest(text, ImageConfig.ForTree(image, unpacked.Finish(), run), [layer], _ => file.Slice(0, file.Length), file, suggestedName, notes);
            made.CheckPlatform(platform);
            return made;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
                throw new DecantException($"{text}: {PathBytes.Printable(e.Message)}", "copy the file again: it is damaged or cut off", e);
            throw;
        }
    }
}
