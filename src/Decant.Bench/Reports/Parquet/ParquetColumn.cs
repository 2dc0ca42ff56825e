using System.Buffers.Binary;
using System.Text;

namespace Decant.Bench;

/// <summary>The values of one column until they go into a file (Encodings.md of apache/parquet-format).</summary>
/// <param name="optional">Whether a value may be missing.</param>
sealed class ParquetColumn(string name, ParquetKind kind, bool optional = false)
{
    readonly List<byte> plain = [];
    readonly List<int> present = [];
    readonly List<int> indices = [];
    readonly Dictionary<string, int> dictionary = new(StringComparer.Ordinal);

    public string Name => name;

    public bool HasDictionary => kind == ParquetKind.Text;

    /// <summary>The number of parquet.thrift's Type.</summary>
    public int Type => kind switch
    {
        ParquetKind.Boolean => 0,
        ParquetKind.Int32 => 1,
        ParquetKind.Timestamp => 2,
        ParquetKind.Double => 5,
        _ => 6,
    };

    /// <summary>How many different texts there are.</summary>
    public int DictionaryCount => dictionary.Count;

    public void AddNull() => present.Add(optional ? 0 : throw new InvalidOperationException($"The column {name} has a value in each row."));

    public void Add(bool value) => Next(ParquetKind.Boolean).Add(value ? (byte)1 : (byte)0);

    public void Add(int? value)
    {
        if (value is not { } number)
        {
            AddNull();
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Next(ParquetKind.Int32).AddRange(bytes);
    }

    public void Add(DateTimeOffset? value)
    {
        if (value is not { } time)
        {
            AddNull();
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        Next(ParquetKind.Timestamp).AddRange(bytes);
    }

    public void Add(double? value)
    {
        if (value is not { } number)
        {
            AddNull();
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        Next(ParquetKind.Double).AddRange(bytes);
    }

    public void Add(string value)
    {
        List<byte> texts = Next(ParquetKind.Text);
        if (!dictionary.TryGetValue(value, out int index))
        {
            index = dictionary.Count;
            dictionary.Add(value, index);
            byte[] text = Encoding.UTF8.GetBytes(value);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            texts.AddRange(length);
            texts.AddRange(text);
        }

        indices.Add(index);
    }

    /// <summary>What parquet.thrift calls a SchemaElement, with the old names of types beside the new ones.</summary>
    public CompactThrift Schema()
    {
        CompactThrift element = new CompactThrift().Int32(1, Type).Int32(3, optional ? 1 : 0).Text(4, name);
        return kind switch
        {
            ParquetKind.Text => element.Int32(6, 0 /* UTF8 */).Struct(10, new CompactThrift().Struct(1 /* STRING */, new CompactThrift())),
            ParquetKind.Timestamp => element.Int32(6, 10 /* TIMESTAMP_MICROS */).Struct(10, new CompactThrift()
                .Struct(8 /* TIMESTAMP */, new CompactThrift().Bool(1, true).Struct(2, new CompactThrift().Struct(2 /* MICROS */, new CompactThrift())))),
            _ => element,
        };
    }

    /// <summary>The different texts, one after another.</summary>
    public byte[] DictionaryPage() => [.. plain];

    /// <summary>Which values are there, if some may be missing; then the values, or for texts their places in the dictionary.</summary>
    public byte[] DataPage()
    {
        List<byte> page = [];
        if (optional)
        {
            List<byte> levels = [];
            Runs(levels, present, bits: 1);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, levels.Count);
            page.AddRange(length);
            page.AddRange(levels);
        }

        switch (kind)
        {
            case ParquetKind.Text:
                int bits = Math.Max(1, 32 - int.LeadingZeroCount(dictionary.Count - 1));
                page.Add((byte)bits);
                Runs(page, indices, bits);
                break;
            case ParquetKind.Boolean:
                page.AddRange(plain.Chunk(8).Select(eight => (byte)eight.Select((bit, place) => bit << place).Sum()));
                break;
            default:
                page.AddRange(plain);
                break;
        }

        return [.. page];
    }

    public void Clear()
    {
        plain.Clear();
        present.Clear();
        indices.Clear();
        dictionary.Clear();
    }

    List<byte> Next(ParquetKind given)
    {
        if (given != kind)
            throw new InvalidOperationException($"The column {name} holds {kind}, not {given}.");
        present.Add(1);
        return plain;
    }

    /// <summary>The hybrid of runs and packed bits, with runs alone: values of a tidy table repeat row after row.</summary>
    static void Runs(List<byte> bytes, List<int> values, int bits)
    {
        for (int at = 0; at < values.Count;)
        {
            int end = at + 1;
            while (end < values.Count && values[end] == values[at])
                end++;
            CompactThrift.Varint(bytes, (ulong)(end - at) << 1);
            for (int shift = 0; shift < bits; shift += 8)
                bytes.Add((byte)(values[at] >> shift));
            at = end;
        }
    }
}
