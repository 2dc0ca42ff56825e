namespace Decant.Images.Tests;

/// <summary>An image whose layers are archives in memory.</summary>
static class MemoryImage
{
    public static SourceImage Of(params byte[][] layers)
    {
        byte[] config = ImagesJson.Write(
            new ConfigDocument
            {
                Architecture = Platform.Host.Architecture,
                Os = "linux",
                Rootfs = new RootFsDocument { Type = "layers", DiffIds = [.. layers.Select(layer => Digest.Sha256(layer).ToString())] },
            },
            ImagesJson.Default.ConfigDocument);
        return SourceImage.WithMadeManifest("test", config, [.. layers.Select(layer => new Descriptor(MediaTypes.Layer, Digest.Sha256(layer), layer.Length))],
            layer => new MemoryStream(layers[layer]), null, null);
    }
}
