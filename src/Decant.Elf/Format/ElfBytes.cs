using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Decant.Elf;

/// <summary>A part of a file, read at checked offsets in the file's own byte order.</summary>
/// <param name="bytes">What was read.</param>
/// <param name="name">What messages call the file.</param>
/// <param name="start">Where in the file the part begins: offsets count from the file's own start.</param>
readonly ref struct ElfBytes(ReadOnlySpan<byte> bytes, string name, bool bigEndian, bool wide, ulong start = 0)
{
    readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>The offset behind the last byte.</summary>
    public ulong End => start + (ulong)bytes.Length;

    public ushort U16(ulong at)
    {
        ReadOnlySpan<byte> s = Slice(at, 2);
        return bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(s) : BinaryPrimitives.ReadUInt16LittleEndian(s);
    }

    public uint U32(ulong at)
    {
        ReadOnlySpan<byte> s = Slice(at, 4);
        return bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(s) : BinaryPrimitives.ReadUInt32LittleEndian(s);
    }

    public ulong U64(ulong at)
    {
        ReadOnlySpan<byte> s = Slice(at, 8);
        return bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(s) : BinaryPrimitives.ReadUInt64LittleEndian(s);
    }

    /// <summary>An address or offset: 8 bytes in ELF64, 4 in ELF32.</summary>
    public ulong Word(ulong at) => wide ? U64(at) : U32(at);

    /// <summary>A string that ends with a zero before <paramref name="end"/>.</summary>
    public string Text(ulong at, ulong end, string what)
    {
        if (end > End || at >= end)
            throw new ElfFormatException(name, at, $"{what} lies outside of its table");
        ReadOnlySpan<byte> s = Slice(at, end - at);
        int zero = s.IndexOf((byte)0);
        if (zero < 0)
            throw new ElfFormatException(name, at, $"{what} does not end inside its table");
        return Decode(s[..zero]);
    }

    public ReadOnlySpan<byte> Slice(ulong at, ulong length)
    {
        if (at < start || at > End || length > End - at)
            throw new ElfFormatException(name, at, $"the file ends at byte {End}, before the {length} bytes needed here");
        return bytes.Slice((int)(at - start), (int)length);
    }

    /// <summary>
    /// A file name's bytes as the rest of decant holds them: UTF-8, any other byte 0xNN as U+DCNN (PEP 383). Repeated
    /// here in small because this project stands alone.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name))
            return Encoding.UTF8.GetString(name);
        StringBuilder text = new(name.Length);
        while (!name.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(name, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done;
            if (valid)
                text.Append(rune.ToString());
            else
                text.Append((char)(0xDC00 + name[0]));
            name = name[(valid ? consumed : 1)..];
        }

        return text.ToString();
    }
}
