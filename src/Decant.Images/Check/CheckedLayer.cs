namespace Decant.Images;

/// <summary>A layer of a store that is being checked: the place of an archive in the stack of some image.</summary>
/// <param name="ChainId">Names its directory.</param>
/// <param name="Blob">Its archive, as the first of the images has it.</param>
/// <param name="DiffId">Of the archive, unpacked.</param>
/// <param name="Below">Chain IDs of the layers that it lies on, topmost first.</param>
sealed record CheckedLayer(Digest ChainId, Descriptor Blob, Digest DiffId, IReadOnlyList<Digest> Below)
{
    public List<CheckedImage> Images { get; } = [];

    /// <summary>Its archive in every packing that one of the images has.</summary>
    public HashSet<Descriptor> Blobs { get; } = [];
}
