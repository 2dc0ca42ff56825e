namespace Decant.Images.Tests;

public sealed class BlockRingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_reader_sees_every_byte_in_order_whatever_their_pace(int readers)
    {
        byte[] sent = new byte[(BlockPool.BlockSize * 40) + 7];
        new Random(readers).NextBytes(sent);
        using BlockRing ring = new(new BlockPool(), 4, readers);
        byte[][] seen = new byte[readers][];
        Thread[] threads = new Thread[readers];
        for (int i = 0; i < readers; i++)
        {
            int reader = i;
            threads[i] = new Thread(() =>
            {
                MemoryStream into = new();
                Random pace = new(reader);
                BlockStream stream = new(ring, reader);
                byte[] buffer = new byte[100_000];
                for (int read; (read = stream.Read(buffer.AsSpan(0, pace.Next(1, buffer.Length)))) > 0;)
                    into.Write(buffer, 0, read);
                seen[reader] = into.ToArray();
            });
            threads[i].Start();
        }

        Random lengths = new(99);
        for (int at = 0; at < sent.Length;)
        {
            int length = Math.Min(sent.Length - at, lengths.Next(1, BlockPool.BlockSize + 1));
            sent.AsSpan(at, length).CopyTo(ring.BeginWrite());
            ring.EndWrite(length);
            at += length;
        }

        ring.End();
        foreach (Thread thread in threads)
            thread.Join();
        foreach (byte[] one in seen)
            Assert.True(sent.AsSpan().SequenceEqual(one));
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_while_another_is_always_a_block_behind_the_writer()
    {
        using BlockRing ring = new(new BlockPool(), 16, 2);
        Task waiting = Task.Run(() =>
        {
            while (!ring.BeginRead(1).IsEmpty)
                ring.EndRead(1);
        }, TestContext.Current.CancellationToken);
        // It waits before there is anything, most likely; where it does not yet, the rest holds all the same.
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Task ahead = Task.Run(() =>
        {
            for (int block = 0; block < 100; block++)
            {
                ring.BeginWrite();
                ring.EndWrite(1);
                if (block > 0)
                {
                    ring.BeginRead(0);
                    ring.EndRead(0);
                }
            }

            ring.End();
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(waiting, ahead).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_writers_failure_is_met_behind_what_it_wrote()
    {
        using BlockRing ring = new(new BlockPool(), 4, 1);
        ring.BeginWrite()[0] = 7;
        ring.EndWrite(1);
        ring.End(new InvalidDataException("damaged"));
        BlockStream stream = new(ring, 0);
        Assert.Equal(7, stream.ReadByte());
        Assert.Equal("damaged", Assert.Throws<InvalidDataException>(() => stream.ReadByte()).Message);
    }

    [Fact]
    public void A_writer_that_waits_ends_when_nobody_reads_on()
    {
        using BlockRing ring = new(new BlockPool(), 2, 1);
        Exception? met = null;
        Action write = () =>
        {
            while (true)
            {
                ring.BeginWrite();
                ring.EndWrite(1);
            }
        };
        Thread writer = new(() => met = Record.Exception(write));
        writer.Start();
        ring.BeginRead(0);
        ring.Abandon();
        writer.Join();
        Assert.IsType<AbandonedException>(met);
    }

    [Fact]
    public void A_writer_is_never_further_ahead_than_the_ring_is_long()
    {
        using BlockRing ring = new(new BlockPool(), 4, 2);
        for (int i = 0; i < 4; i++)
        {
            ring.BeginWrite();
            ring.EndWrite(1);
        }

        bool wrote = false;
        Thread writer = new(() =>
        {
            ring.BeginWrite();
            Volatile.Write(ref wrote, true);
        });
        writer.Start();
        // One reader is through, the other holds the first block.
        for (int i = 0; i < 4; i++)
        {
            ring.BeginRead(0);
            ring.EndRead(0);
        }

        ring.BeginRead(1);
        Assert.False(writer.Join(50));
        Assert.False(Volatile.Read(ref wrote));
        for (int i = 0; i < 4; i++)
            ring.EndRead(1);
        writer.Join();
        Assert.True(wrote);
    }
}
