using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// A layer's blob on its way into a directory: read and verified, inflated, hashed and unpacked at the same time, each stage on a thread
/// of its own with a few megabytes between them.
/// </summary>
sealed class LayerPipeline : IDisposable
{
    /// <summary>Blocks that wait between two stages: enough to even out small files after a large one.</summary>
    const int Waiting = 16;

    readonly BlockPool pool;
    readonly string place;
    readonly ImageLimits limits;
    readonly List<Thread> stages = [];
    readonly List<BlockRing> rings = [];

    /// <param name="pool">Shared by all pipelines of a pull.</param>
    /// <param name="place">Names the layer in messages.</param>
    /// <param name="limits">Of the memory that unpacking may take.</param>
    public LayerPipeline(BlockPool pool, string place, ImageLimits limits)
    {
        this.pool = pool;
        this.place = place;
        this.limits = limits;
    }

    /// <summary>Reads the blob to its end, wherever its archive ends.</summary>
    /// <param name="blob">Fails at its end where it is not what it should be.</param>
    /// <param name="blobDigest">Of what the blob holds if it does not fail: a layer that is not packed needs no other digest.</param>
    /// <param name="diffId">What the tar inside must have.</param>
    /// <param name="unpack">Reads the tar to its end; told how it was packed.</param>
    public void Run(Stream blob, Digest blobDigest, Digest diffId, Action<Stream, LayerCompression> unpack)
    {
        BlockRing stored = Ring(readers: 1);
        Start(stored, () => Fill(stored, blob));
        BlockStream packed = new(stored, 0);
        LayerCompression compression = LayerCompressions.Detect(packed.Look(), place);
        if (compression == LayerCompression.None && diffId == blobDigest)
        {
            unpack(packed, compression);
            return;
        }

        BlockRing plain = Ring(readers: 2);
        Start(plain, () => Inflate(plain, packed, compression));
        using ContentHash hash = diffId.NewHash();
        Thread hashing = Start(plain, () => Hash(plain, hash));
        unpack(new BlockStream(plain, 0), compression);
        hashing.Join();
        Digest actual = hash.Finish();
        if (actual != diffId)
            throw new DecantException($"{place}: unpacked it has the digest {actual}, and the configuration wants {diffId}", "copy the image again: it was damaged or changed on the way");
    }

    /// <summary>Ends what still runs, before anything that the stages use is closed.</summary>
    public void Dispose()
    {
        foreach (BlockRing ring in rings)
            ring.Abandon();
        foreach (Thread stage in stages)
            stage.Join();
        foreach (BlockRing ring in rings)
            ring.Dispose();
    }

    BlockRing Ring(int readers)
    {
        BlockRing ring = new(pool, Waiting, readers);
        rings.Add(ring);
        return ring;
    }

    /// <summary>A stage's failure goes to the ring, and through it to the thread that unpacks.</summary>
    Thread Start(BlockRing ring, Action work)
    {
        Thread thread = WorkerThread.TryStart(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                ring.End(e);
            }
        }) ?? throw new DecantException("the system allows decant no more threads", "raise ulimit -u, or pids.max of the cgroup");
        stages.Add(thread);
        return thread;
    }

    static void Fill(BlockRing ring, Stream from)
    {
        while (true)
        {
            Span<byte> block = ring.BeginWrite();
            int length = from.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (length > 0)
                ring.EndWrite(length);
            if (length < block.Length)
                break;
        }

        ring.End();
    }

    /// <summary>What follows the packed tar belongs to the blob too; its end is what verifies it, so it comes before the tar's end.</summary>
    void Inflate(BlockRing into, BlockStream packed, LayerCompression compression)
    {
        using Stream tar = LayerCompressions.Open(packed, compression, place, limits);
        while (true)
        {
            Span<byte> block = into.BeginWrite();
            int length = tar.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (length > 0)
                into.EndWrite(length);
            if (length < block.Length)
                break;
        }

        for (int length; (length = packed.Look().Length) > 0;)
            packed.Pass(length);
        into.End();
    }

    static void Hash(BlockRing ring, ContentHash hash)
    {
        for (ReadOnlyMemory<byte> block; !(block = ring.BeginRead(1)).IsEmpty;)
        {
            hash.Append(block.Span);
            ring.EndRead(1);
        }
    }
}
