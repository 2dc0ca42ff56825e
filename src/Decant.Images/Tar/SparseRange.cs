namespace Decant.Images;

/// <summary>A part of a sparse file that the archive stores, in bytes; what lies between is a hole.</summary>
public readonly record struct SparseRange(long Offset, long Length)
{
    public long End => Offset + Length;
}
