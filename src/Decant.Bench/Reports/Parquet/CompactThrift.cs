using System.Text;

namespace Decant.Bench;

/// <summary>One struct in Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift), as far as headers of Parquet need it. Fields come in the order of their numbers.</summary>
sealed class CompactThrift
{
    const byte True = 1;
    const byte False = 2;
    const byte Int32Type = 5;
    const byte Int64Type = 6;
    const byte Binary = 8;
    const byte ListType = 9;
    const byte StructType = 12;

    readonly List<byte> bytes = [];
    int last;

    public CompactThrift Bool(int field, bool value)
    {
        Field(field, value ? True : False);
        return this;
    }

    public CompactThrift Int32(int field, int value)
    {
        Field(field, Int32Type);
        Number(value);
        return this;
    }

    public CompactThrift Int64(int field, long value)
    {
        Field(field, Int64Type);
        Number(value);
        return this;
    }

    public CompactThrift Text(int field, string value)
    {
        Field(field, Binary);
        Text(value);
        return this;
    }

    public CompactThrift Struct(int field, CompactThrift value)
    {
        Field(field, StructType);
        bytes.AddRange(value.ToBytes());
        return this;
    }

    public CompactThrift Structs(int field, IReadOnlyList<CompactThrift> items)
    {
        List(field, StructType, items.Count);
        foreach (CompactThrift item in items)
            bytes.AddRange(item.ToBytes());
        return this;
    }

    public CompactThrift Int32s(int field, params ReadOnlySpan<int> items)
    {
        List(field, Int32Type, items.Length);
        foreach (int item in items)
            Number(item);
        return this;
    }

    public CompactThrift Texts(int field, params ReadOnlySpan<string> items)
    {
        List(field, Binary, items.Length);
        foreach (string item in items)
            Text(item);
        return this;
    }

    /// <summary>With the byte that ends a struct.</summary>
    public byte[] ToBytes() => [.. bytes, 0];

    /// <summary>Seven bits a byte, the lowest first (ULEB128).</summary>
    public static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    /// <summary>Of a number after the one before it by 1 to 15: both in one byte.</summary>
    void Field(int field, byte type)
    {
        int delta = field - last;
        if (delta is < 1 or > 15)
            throw new ArgumentOutOfRangeException(nameof(field), field, $"After field {last} comes one of the next 15.");
        bytes.Add((byte)(delta << 4 | type));
        last = field;
    }

    void List(int field, byte type, int count)
    {
        Field(field, ListType);
        if (count < 15)
        {
            bytes.Add((byte)(count << 4 | type));
            return;
        }

        bytes.Add((byte)(0xF0 | type));
        Varint(bytes, (ulong)count);
    }

    /// <summary>Zigzag: small numbers of either sign are short.</summary>
    void Number(long value) => Varint(bytes, (ulong)(value << 1 ^ value >> 63));

    void Text(string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        Varint(bytes, (ulong)text.Length);
        bytes.AddRange(text);
    }
}
