using System.Runtime.ExceptionServices;

namespace Decant.Images;

/// <summary>
/// A bounded queue of blocks between stages of a pipeline, each on a thread of its own: one writes, one or several read, and every
/// reader sees every block in place, without a copy. The writer waits for the slowest reader, so memory is bounded.
/// Who has to wait waits for several blocks: threads that wake each other for every single one do little else.
/// </summary>
sealed class BlockRing : IDisposable
{
    readonly object changed = new();
    readonly BlockPool pool;
    readonly byte[]?[] blocks;
    readonly int[] lengths;
    readonly long[] taken;
    readonly bool[] waits;
    readonly int enough;
    long written;
    bool writerWaits;
    bool ended;
    bool abandoned;
    ExceptionDispatchInfo? failure;

    /// <param name="pool">Where blocks come from and go to at the end.</param>
    /// <param name="capacity">Blocks that may wait.</param>
    /// <param name="readers">How many read; each names itself by its number, from 0.</param>
    public BlockRing(BlockPool pool, int capacity, int readers)
    {
        this.pool = pool;
        blocks = new byte[]?[capacity];
        lengths = new int[capacity];
        taken = new long[readers];
        waits = new bool[readers];
        enough = Math.Max(1, capacity / 4);
    }

    /// <summary>A free block to fill, of <see cref="BlockPool.BlockSize"/> bytes; what it held before is still in it.</summary>
    /// <exception cref="AbandonedException">A reader stopped before the end.</exception>
    public Span<byte> BeginWrite()
    {
        lock (changed)
        {
            if (written - Slowest() == blocks.Length)
            {
                writerWaits = true;
                while (!abandoned && written - Slowest() > blocks.Length / 2)
                    Monitor.Wait(changed);
                writerWaits = false;
            }

            if (abandoned)
                throw new AbandonedException();
        }

        return blocks[written % blocks.Length] ??= pool.Take();
    }

    /// <summary>Hands the block on.</summary>
    public void EndWrite(int length)
    {
        lock (changed)
        {
            lengths[written % blocks.Length] = length;
            written++;
            if (AnyHasWaitedEnough())
                Wake();
        }
    }

    /// <summary>There is no more; or the writer failed, which readers learn where it happened.</summary>
    public void End(Exception? reason = null)
    {
        lock (changed)
        {
            ended = true;
            failure = reason is null ? null : ExceptionDispatchInfo.Capture(reason);
            Wake();
        }
    }

    /// <summary>The next block, the reader's until <see cref="EndRead"/>; empty at the end, where the writer's failure is thrown.</summary>
    public ReadOnlyMemory<byte> BeginRead(int reader)
    {
        long at = taken[reader];
        lock (changed)
        {
            if (at == written)
            {
                while (written - at < enough && !ended)
                {
                    waits[reader] = true;
                    Monitor.Wait(changed);
                }
            }
        }

        if (at < written)
            return blocks[at % blocks.Length].AsMemory(0, lengths[at % blocks.Length]);
        failure?.Throw();
        return default;
    }

    public void EndRead(int reader)
    {
        lock (changed)
        {
            taken[reader]++;
            if (writerWaits && written - Slowest() <= blocks.Length / 2)
                Wake();
        }
    }

    /// <summary>A reader stops before the end: the writer has no use any more.</summary>
    public void Abandon()
    {
        lock (changed)
        {
            abandoned = true;
            Wake();
        }
    }

    /// <summary>When no stage uses it any more.</summary>
    public void Dispose()
    {
        foreach (byte[]? block in blocks)
        {
            if (block is not null)
                pool.Give(block);
        }
    }

    void Wake()
    {
        Array.Clear(waits);
        Monitor.PulseAll(changed);
    }

    long Slowest()
    {
        long slowest = long.MaxValue;
        foreach (long count in taken)
            slowest = Math.Min(slowest, count);
        return slowest;
    }

    bool AnyHasWaitedEnough()
    {
        for (int reader = 0; reader < taken.Length; reader++)
        {
            if (waits[reader] && written - taken[reader] >= enough)
                return true;
        }

        return false;
    }
}
