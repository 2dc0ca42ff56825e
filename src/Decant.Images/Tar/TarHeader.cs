using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// One 512-byte header block: v7, POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format") and GNU's variant
/// (tar(5)). Fields are decoded when asked for, so that garbage in a field that an extended header replaces does no harm.
/// </summary>
readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int BlockSize = 512;

    readonly ReadOnlySpan<byte> block = block;

    public bool IsZero => !block.ContainsAnyExcept((byte)0);

    public byte TypeFlag => block[156];

    bool IsPosix => block.Slice(257, 6).SequenceEqual("ustar\0"u8);
    bool IsGnu => block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>The prefix belongs to POSIX alone: GNU keeps times and the sparse map in its place.</summary>
    public string Name
    {
        get
        {
            ReadOnlySpan<byte> name = Text(0, 100);
            ReadOnlySpan<byte> prefix = IsPosix ? Text(345, IsStar ? 131 : 155) : default;
            return prefix.IsEmpty ? PathBytes.Decode(name) : PathBytes.Decode([.. prefix, (byte)'/', .. name]);
        }
    }

    /// <summary>star(1) marks its headers at the end and keeps times in the last part of the prefix.</summary>
    bool IsStar => block.Slice(508, 4).SequenceEqual("tar\0"u8);

    public string LinkName => PathBytes.Decode(Text(157, 100));
    public string UserName => IsPosix || IsGnu ? User(265) : "";
    public string GroupName => IsPosix || IsGnu ? User(297) : "";

    // v7 archives by some tools have the file type in the mode as well.
    public uint Mode => (uint)(Number(100, 8, "mode") & 0xFFF);
    public uint Uid => Unsigned32(108, 8, "uid");
    public uint Gid => Unsigned32(116, 8, "gid");
    public long Size => Number(124, 12, "size");
    public long ModifiedSeconds => Number(136, 12, "mtime");

    public DeviceNumber Device =>
        IsPosix || IsGnu ? new DeviceNumber(Unsigned32(329, 8, "devmajor"), Unsigned32(337, 8, "devminor")) : default;

    /// <summary>The old GNU sparse map: four parts here, 21 in each extension block (tar(5)).</summary>
    public void AddOldSparse(List<SparseRange> into, out bool extended, out long realSize)
    {
        AddOldSparse(block.Slice(386, 96), into);
        extended = block[482] != 0;
        realSize = Number(483, 12, "real size");
    }

    public static void AddOldSparse(ReadOnlySpan<byte> parts, List<SparseRange> into)
    {
        for (int at = 0; at < parts.Length && parts[at + 12] != 0; at += 24)
            into.Add(new SparseRange(Number(parts.Slice(at, 12), "sparse offset"), Number(parts.Slice(at + 12, 12), "sparse length")));
    }

    /// <summary>The sum of all bytes with the checksum field as spaces; old tars summed signed bytes.</summary>
    public void Verify()
    {
        long stated = Number(148, 8, "checksum");
        long fieldSum = 0;
        foreach (byte value in block.Slice(148, 8))
            fieldSum += value - ' ';
        long unsigned = Sum(block) - fieldSum;
        if (stated == unsigned)
            return;
        long signed = unsigned;
        for (int i = 0; i < BlockSize; i++)
            signed -= i is < 148 or >= 156 && block[i] >= 0x80 ? 256 : 0;
        if (stated != signed)
            throw new TarFormatException($"this is no tar header (checksum {stated} where {unsigned} is right)");
    }

    /// <summary>Sums of 16 bits side by side: a header has too few bytes for one to overflow.</summary>
    static long Sum(ReadOnlySpan<byte> block)
    {
        Vector<ushort> lanes = default;
        foreach (Vector<byte> bytes in MemoryMarshal.Cast<byte, Vector<byte>>(block[..BlockSize]))
        {
            Vector.Widen(bytes, out Vector<ushort> low, out Vector<ushort> high);
            lanes += low + high;
        }

        Vector.Widen(lanes, out Vector<uint> first, out Vector<uint> second);
        return Vector.Sum(first + second);
    }

    /// <summary>Most files of an image are root's.</summary>
    string User(int offset)
    {
        ReadOnlySpan<byte> name = Text(offset, 32);
        return name.SequenceEqual("root"u8) ? "root" : PathBytes.Decode(name);
    }

    uint Unsigned32(int offset, int length, string field)
    {
        long value = Number(offset, length, field);
        return value is >= 0 and <= uint.MaxValue ? (uint)value : throw new TarFormatException($"{field} {value} is out of range");
    }

    ReadOnlySpan<byte> Text(int offset, int length)
    {
        ReadOnlySpan<byte> field = block.Slice(offset, length);
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    long Number(int offset, int length, string field) => Number(block.Slice(offset, length), field);

    static long Number(ReadOnlySpan<byte> field, string name)
    {
        if ((field[0] & 0x80) != 0)
            return Base256(field, name);

        // Blanks and zeros may stand on both sides.
        int at = 0;
        while (at < field.Length && IsBlank(field[at]))
            at++;
        long value = 0;
        for (; at < field.Length && field[at] is >= (byte)'0' and <= (byte)'7'; at++)
            value = (value << 3) | (long)(field[at] - '0');
        while (at < field.Length && IsBlank(field[at]))
            at++;
        return at == field.Length ? value : throw new TarFormatException($"{name} is no octal number");
    }

    static bool IsBlank(byte value) => value is (byte)' ' or 0;

    /// <summary>Big-endian two's complement with the top bit set as a mark (GNU, star).</summary>
    static long Base256(ReadOnlySpan<byte> field, string name)
    {
        bool negative = (field[0] & 0x40) != 0;
        byte first = (byte)(negative ? field[0] : field[0] & 0x7F);
        byte fill = (byte)(negative ? 0xFF : 0);
        if (field.Length == 8)
            return ((long)(sbyte)first << 56) | (BinaryPrimitives.ReadInt64BigEndian(field) & 0x00FF_FFFF_FFFF_FFFF);

        long low = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        bool fits = first == fill && !field[1..^8].ContainsAnyExcept(fill) && low < 0 == negative;
        return fits ? low : throw new TarFormatException($"{name} does not fit 64 bits");
    }
}
