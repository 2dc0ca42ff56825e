namespace Decant.Images;

/// <summary>What a collection of garbage removes.</summary>
public enum GarbageKind
{
    /// <summary>Of blobs/: no image has it.</summary>
    Blob,

    /// <summary>Of layers/: no image and no kept run stands on it.</summary>
    Layer,

    /// <summary>Of tmp/: what a pull or a removal that was broken off left.</summary>
    Leftover,
}
