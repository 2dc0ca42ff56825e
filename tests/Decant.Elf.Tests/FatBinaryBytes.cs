using System.Buffers.Binary;

namespace Decant.Elf.Tests;

/// <summary>Writes device code as nvcc packs it: headers with nothing but zeros behind them.</summary>
static class FatBinaryBytes
{
    public const ulong Exact = 1 << 20;
    public const ulong Family = 1 << 21;

    public static byte[] Container(params byte[][] entries)
    {
        byte[] content = [.. entries.SelectMany(entry => entry)];
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xBA55ED50);
        header[4] = 1;
        header[6] = 16;
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), content.Length);
        return [.. header, .. content];
    }

    /// <param name="uncompressed">0 for what is not compressed.</param>
    public static byte[] Entry(bool isPtx, int architecture, ulong flags = 0, int bytes = 4096, int uncompressed = 0, int headerBytes = 64)
    {
        byte[] entry = new byte[headerBytes + bytes];
        entry[0] = (byte)(isPtx ? 1 : 2);
        entry[2] = 1;
        entry[3] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), headerBytes);
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), bytes);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(28), architecture);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(40), flags | 0x11);
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(56), uncompressed);
        return entry;
    }
}
