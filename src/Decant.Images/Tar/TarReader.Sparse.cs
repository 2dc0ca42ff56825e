using System.Buffers.Text;

namespace Decant.Images;

/// <summary>Sparse files: GNU's old form 'S', and its pax forms 0.0, 0.1 and 1.0 (GNU tar's manual, "Sparse Formats").</summary>
public sealed partial class TarReader
{
    // 16 MiB of map: a file with more holes is an attack on memory.
    const int MaxSparseParts = 1024 * 1024;

    TarEntry WithSparse(TarEntry read, TarHeader header, PaxRecords? pax, long stored)
    {
        if (header.TypeFlag == 'S')
        {
            List<SparseRange> parts = [];
            header.AddOldSparse(parts, out bool extended, out long realSize);
            while (extended)
            {
                ReadOnlySpan<byte> block = Take(TarHeader.BlockSize);
                TarHeader.AddOldSparse(block[..504], parts);
                extended = block[504] != 0;
                CheckCount(parts);
            }

            BeginContent(stored);
            return Checked(read, parts, realSize, stored);
        }

        if (pax?.SparseMajor == 1)
        {
            BeginContent(stored);
            List<SparseRange> parts = ReadMap();
            return Checked(read, parts, pax.SparseRealSize ?? -1, remaining);
        }

        BeginContent(stored);
        return pax?.Sparse is { } map ? Checked(read, map, pax.SparseRealSize ?? -1, stored) : read;
    }

    /// <summary>Form 1.0: decimal numbers, one a line, first their count, filled up with zeros to a whole block.</summary>
    List<SparseRange> ReadMap()
    {
        long before = remaining;
        long count = ReadMapNumber();
        if (count > MaxSparseParts)
            throw new TarFormatException($"the sparse map has {count} parts; decant reads up to {MaxSparseParts}");
        List<SparseRange> parts = [];
        for (long i = 0; i < count; i++)
        {
            long offset = ReadMapNumber();
            parts.Add(new SparseRange(offset, ReadMapNumber()));
        }

        int fill = (int)(-(before - remaining) & (TarHeader.BlockSize - 1));
        if (fill > remaining)
            throw new TarFormatException("the sparse map is longer than the content");
        for (long left = fill; left > 0;)
            left -= TakeContent(left).Length;
        return parts;
    }

    long ReadMapNumber()
    {
        // A number and its newline; no number of 64 bits is longer.
        int most = (int)Math.Min(remaining, 20);
        ReadOnlySpan<byte> text = Peek(most);
        if (!Utf8Parser.TryParse(text, out long number, out int used) || number < 0 || used >= most || text[used] != (byte)'\n')
            throw new TarFormatException("the sparse map before the content is damaged");
        start += used + 1;
        remaining -= used + 1;
        return number;
    }

    static void CheckCount(List<SparseRange> parts)
    {
        if (parts.Count > MaxSparseParts)
            throw new TarFormatException($"the sparse map has more than the {MaxSparseParts} parts that decant reads");
    }

    static TarEntry Checked(TarEntry read, List<SparseRange> parts, long realSize, long stored)
    {
        long end = 0;
        long sum = 0;
        foreach (SparseRange part in parts)
        {
            if (part.Offset < end || part.Length < 0 || part.Length > realSize - part.Offset)
                throw new TarFormatException("the parts of the sparse map overlap or leave the file");
            end = part.End;
            sum += part.Length;
        }

        if (realSize < 0 || sum != stored)
            throw new TarFormatException($"the sparse map stands for {sum} bytes of a file of {realSize}, but {stored} are stored");
        return read with { Size = realSize, StoredSize = stored, Sparse = parts };
    }
}
