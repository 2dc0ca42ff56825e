using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>The buffer over the stream, and the content of entries.</summary>
public sealed partial class TarReader
{
    const int BufferSize = 512 * 1024;

    // Content up to this size reaches its file in one write.
    const int WholeWrite = 256 * 1024;

    readonly Stream stream;

    // Where the stream holds its bytes in blocks, content is taken from there, and the buffer has headers only.
    readonly BlockStream? blocks;
    byte[] buffer;
    int start;
    int end;
    long bufferOffset;
    long headerOffset;
    long remaining;
    int padding;

    /// <summary>How many bytes of the archive have been taken.</summary>
    public long Position => bufferOffset + start;

    /// <summary>Writes the content of the current entry from the file's start; what a sparse map leaves out becomes a hole. The path is for messages.</summary>
    public void CopyTo(SafeFileHandle file, string path)
    {
        TarEntry current = Current;
        if (current.Sparse is null)
        {
            for (long offset = 0; remaining > 0;)
            {
                ReadOnlySpan<byte> chunk = TakeContent(remaining);
                LinuxFile.Write(file, chunk, offset, path);
                offset += chunk.Length;
            }

            return;
        }

        foreach (SparseRange range in current.Sparse)
        {
            for (long offset = range.Offset; offset < range.End;)
            {
                ReadOnlySpan<byte> chunk = TakeContent(range.End - offset);
                LinuxFile.Write(file, chunk, offset, path);
                offset += chunk.Length;
            }
        }

        LinuxFile.SetLength(file, current.Size, path);
    }

    /// <summary>Writes the content of the current entry to a stream; holes become zeros.</summary>
    public void CopyTo(Stream into)
    {
        TarEntry current = Current;
        long offset = 0;
        foreach (SparseRange range in current.Sparse ?? [new SparseRange(0, current.Size)])
        {
            WriteZeros(into, range.Offset - offset);
            for (offset = range.Offset; offset < range.End;)
            {
                ReadOnlySpan<byte> chunk = TakeContent(range.End - offset);
                into.Write(chunk);
                offset += chunk.Length;
            }
        }

        WriteZeros(into, current.Size - offset);
    }

    /// <summary>Copies the content of the current entry, which has no holes and just that size.</summary>
    public void CopyTo(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            ReadOnlySpan<byte> chunk = TakeContent(into.Length);
            chunk.CopyTo(into);
            into = into[chunk.Length..];
        }
    }

    TarEntry Current => entry ?? throw new InvalidOperationException("there is no current entry");

    static void WriteZeros(Stream into, long count)
    {
        byte[] zeros = count > 0 ? new byte[Math.Min(count, 64 * 1024)] : [];
        for (; count > 0; count -= Math.Min(count, zeros.Length))
            into.Write(zeros, 0, (int)Math.Min(count, zeros.Length));
    }

    void BeginContent(long size)
    {
        remaining = size;
        padding = (int)(-size & (TarHeader.BlockSize - 1));
    }

    void SkipContent()
    {
        if (remaining > end - start && stream.CanSeek)
            SeekContent();
        while (remaining > 0)
            TakeContent(remaining);
        if (padding > 0)
            Take(padding);
        padding = 0;
    }

    /// <summary>Over what is not in the buffer, as far as the stream goes.</summary>
    void SeekContent()
    {
        remaining -= end - start;
        start = end;
        long ahead = Math.Min(remaining, stream.Length - stream.Position);
        stream.Position += ahead;
        bufferOffset += ahead;
        remaining -= ahead;
    }

    /// <summary>Some of the current entry's content, straight from the buffer; valid until the next call.</summary>
    ReadOnlySpan<byte> TakeContent(long wanted)
    {
        if (blocks is not null && start == end)
            return TakeFromBlock(wanted);
        int whole = blocks is null ? (int)Math.Min(wanted, WholeWrite) : 1;
        if (end - start < whole && !Fill(whole))
            throw Truncated();
        int length = (int)Math.Min(wanted, end - start);
        ReadOnlySpan<byte> chunk = buffer.AsSpan(start, length);
        start += length;
        remaining -= length;
        return chunk;
    }

    ReadOnlySpan<byte> TakeFromBlock(long wanted)
    {
        ReadOnlySpan<byte> block = Look();
        if (block.IsEmpty)
            throw Truncated();
        int length = (int)Math.Min(wanted, block.Length);
        blocks!.Pass(length);
        bufferOffset += length;
        remaining -= length;
        return block[..length];
    }

    ReadOnlySpan<byte> Peek(int count) => Fill(count) ? buffer.AsSpan(start, count) : throw Truncated();

    ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = Peek(count);
        start += count;
        return taken;
    }

    TarException Truncated()
    {
        start = end;
        return Broken($"the archive ends too early, after {Position} bytes");
    }

    /// <summary>Has at least so many bytes in the buffer; false where the stream ends before.</summary>
    bool Fill(int count)
    {
        if (end - start >= count)
            return true;
        if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            bufferOffset += start;
            end -= start;
            start = 0;
        }

        if (count > buffer.Length)
            Array.Resize(ref buffer, count);
        while (end < count)
        {
            // From blocks no more than is asked for, so that content stays where it is.
            int read = ReadStream(buffer.AsSpan(end, (blocks is null ? buffer.Length : count) - end));
            if (read == 0)
                return false;
            end += read;
        }

        return true;
    }

    int ReadStream(Span<byte> into)
    {
        CheckUnpacked();
        try
        {
            return stream.Read(into);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Broken(e.Message);
        }
    }

    ReadOnlySpan<byte> Look()
    {
        CheckUnpacked();
        try
        {
            return blocks!.Look();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Broken(e.Message);
        }
    }

    void CheckUnpacked()
    {
        if (bufferOffset + end <= mostBytes)
            return;
        (string message, string fix) = limits.TooMuchUnpacked(packedBytes);
        throw Broken(message, fix);
    }
}
