using System.Collections.Concurrent;

namespace Decant.Images;

/// <summary>
/// Blocks that one ring gives back and the next takes: touching fresh memory costs more than what passes through it, and an image of
/// many small layers never touches more than a few blocks.
/// </summary>
sealed class BlockPool
{
    /// <summary>Bytes of a block: small enough for the processor's cache, large enough that handing on costs nothing.</summary>
    public const int BlockSize = 256 * 1024;

    readonly ConcurrentStack<byte[]> free = new();

    public byte[] Take() => free.TryPop(out byte[]? block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

    public void Give(byte[] block) => free.Push(block);
}
