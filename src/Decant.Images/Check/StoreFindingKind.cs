namespace Decant.Images;

/// <summary>What a check of the store can find. The last three are no damage: changes that were broken off leave them.</summary>
public enum StoreFindingKind
{
    BlobMissing,

    /// <summary>Its size or digest is not the one that it is kept under.</summary>
    BlobDamaged,

    /// <summary>It is not unpacked.</summary>
    LayerMissing,

    /// <summary>Its tree is not what its archive gives.</summary>
    LayerDamaged,

    /// <summary>A file of refs/ cannot be read, or says other than the image's manifest and configuration.</summary>
    NameDamaged,

    /// <summary>A kept run cannot be read, or stands on layers that are not there.</summary>
    RunDamaged,

    /// <summary>oci-layout or index.json cannot be read.</summary>
    LayoutDamaged,

    /// <summary>index.json, which is for other tools, has other names than refs/.</summary>
    IndexBehind,

    /// <summary>A blob or a layer that nothing refers to.</summary>
    Unreferenced,

    /// <summary>Something in tmp/ that nobody works on.</summary>
    Leftover,
}
