namespace Decant.Bench;

/// <summary>What a column of a Parquet file holds.</summary>
enum ParquetKind
{
    Boolean,
    Int32,

    /// <summary>Microseconds since 1970, UTC.</summary>
    Timestamp,
    Double,

    /// <summary>UTF-8, each different text stored once.</summary>
    Text,
}
