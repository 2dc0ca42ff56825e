using System.Buffers.Binary;

namespace Decant.Bench;

/// <summary>A table as a Parquet file (github.com/apache/parquet-format), without compression: each row is added to all columns, then ended.</summary>
sealed class ParquetFile(params ParquetColumn[] columns)
{
    /// <summary>Readers load and skip so many rows at once.</summary>
    const int RowsOfGroup = 1 << 20;

    static readonly byte[] _magic = "PAR1"u8.ToArray();

    readonly List<byte> bytes = [.. _magic];
    readonly List<CompactThrift> groups = [];
    int rows;
    long rowsOfFile;

    public void EndRow()
    {
        if (++rows == RowsOfGroup)
            EndGroup();
    }

    /// <param name="creator">Who made the file: program and version.</param>
    public byte[] ToBytes(string creator)
    {
        EndGroup();
        CompactThrift root = new CompactThrift().Text(4, "schema").Int32(5, columns.Length);
        byte[] footer = new CompactThrift().Int32(1, 1 /* version */).Structs(2, [root, .. columns.Select(column => column.Schema())])
            .Int64(3, rowsOfFile).Structs(4, groups).Text(6, creator).ToBytes();
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        return [.. bytes, .. footer, .. length, .. _magic];
    }

    void EndGroup()
    {
        if (rows == 0)
            return;
        int start = bytes.Count;
        CompactThrift[] chunks = [.. columns.Select(Chunk)];
        groups.Add(new CompactThrift().Structs(1, chunks).Int64(2, bytes.Count - start).Int64(3, rows));
        rowsOfFile += rows;
        rows = 0;
    }

    /// <summary>The pages of a column, and what the footer says of them.</summary>
    CompactThrift Chunk(ParquetColumn column)
    {
        const int Plain = 0, Run = 3, Dictionary = 8;
        int start = bytes.Count;
        if (column.HasDictionary)
        {
            Page(2 /* DICTIONARY_PAGE */, column.DictionaryPage(), header => header.Struct(7, new CompactThrift().Int32(1, column.DictionaryCount).Int32(2, Plain)));
        }

        int data = bytes.Count;
        int encoding = column.HasDictionary ? Dictionary : Plain;
        Page(0 /* DATA_PAGE */, column.DataPage(), header => header.Struct(5, new CompactThrift().Int32(1, rows).Int32(2, encoding).Int32(3, Run).Int32(4, Run)));
        column.Clear();
        CompactThrift meta = new CompactThrift().Int32(1, column.Type);
        meta = column.HasDictionary ? meta.Int32s(2, Plain, Run, Dictionary) : meta.Int32s(2, Plain, Run);
        meta.Texts(3, column.Name).Int32(4, 0 /* UNCOMPRESSED */).Int64(5, rows).Int64(6, bytes.Count - start).Int64(7, bytes.Count - start).Int64(9, data);
        if (column.HasDictionary)
            meta.Int64(11, start);
        return new CompactThrift().Int64(2, 0).Struct(3, meta);
    }

    void Page(int type, byte[] content, Func<CompactThrift, CompactThrift> describe)
    {
        bytes.AddRange(describe(new CompactThrift().Int32(1, type).Int32(2, content.Length).Int32(3, content.Length)).ToBytes());
        bytes.AddRange(content);
    }
}
