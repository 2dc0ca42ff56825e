namespace Decant.Images;

/// <summary>Hears how a pull goes on. Layers are counted from 0, the lowest first.</summary>
public interface IPullProgress
{
    /// <summary>The image is found and its platform accepted.</summary>
    void Begin(string source, IReadOnlyList<Descriptor> layers);

    /// <summary>The store has this layer already.</summary>
    void Present(int layer);

    /// <summary>The layer comes over a network, ahead of being read.</summary>
    void Fetching(int layer);

    /// <summary>This many more bytes of the layer's blob have arrived. From any thread.</summary>
    void Fetched(int layer, long bytes);

    /// <summary>This many more bytes of the layer's blob have been read, of the size that its descriptor gives.</summary>
    void Advance(int layer, long bytes);

    /// <summary>The layer is unpacked.</summary>
    void Unpacked(int layer);

    /// <summary>Something in the image could not be kept, such as a device node for an ordinary user.</summary>
    void Warn(string message);
}
