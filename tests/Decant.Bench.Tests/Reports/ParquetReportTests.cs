using System.Collections.Immutable;
using Parquet;
using Parquet.Schema;

namespace Decant.Bench.Tests;

/// <summary>Read back by Parquet.Net, which shares no code with decant's writer.</summary>
public sealed class ParquetReportTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 30, 123, 456, TimeSpan.FromHours(2));

    static Bench.Sample Look(double seconds) => new(seconds, HostMemory.Parse("MemTotal: 9 kB\nMemFree: 4 kB"), null, null, seconds > 1 ? 77 : null, Running: true);

    static readonly BenchResult Result = Session.Interleaved(1, blocks: 3) with
    {
        Title = "naïve, \"quoted\"",
        Trials =
        [
            new Trial { Number = 0, Block = 0, Environment = "native", Started = Start, Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", 1.5).Add("odd", -0.0), Samples = [Look(0.5), Look(1.5)] },
            new Trial { Number = 1, Environment = "docker", Failure = "x", Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", double.MaxValue) },
        ],
    };

    static async Task<(ParquetSchema Schema, List<object?[]> Rows)> Read(byte[] file)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(file));
        List<object?[]> rows = [];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader part = reader.OpenRowGroupReader(group);
            int count = (int)part.RowCount;
            List<object?[]> columns = [];
            foreach (DataField field in reader.Schema.GetDataFields())
                columns.Add(await Column(part, field, count));
            rows.AddRange(Enumerable.Range(0, count).Select(row => columns.Select(column => column[row]).ToArray()));
        }

        return (reader.Schema, rows);
    }

    static async Task<object?[]> Column(ParquetRowGroupReader part, DataField field, int count)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            string?[] texts = new string?[count];
            await part.ReadAsync(field, texts.AsMemory());
            return texts;
        }

        return field.ClrType == typeof(bool) ? await Values<bool>() : field.ClrType == typeof(int) ? await Values<int>() : field.ClrType == typeof(double) ? await Values<double>() : await Values<DateTime>();

        async Task<object?[]> Values<T>()
            where T : struct
        {
            if (field.IsNullable)
            {
                T?[] some = new T?[count];
                await part.ReadAsync(field, some.AsMemory());
                return [.. some.Cast<object?>()];
            }

            T[] all = new T[count];
            await part.ReadAsync(field, all.AsMemory());
            return [.. all.Cast<object?>()];
        }
    }

    [Fact]
    public async Task Each_value_is_a_row_and_a_sample_has_its_time()
    {
        (ParquetSchema schema, List<object?[]> rows) = await Read(ParquetReport.Of([Result], "a test"));
        Assert.Equal([.. CsvReport.Heading.Split(','), "seconds"], schema.GetDataFields().Select(field => field.Name));
        DateTime started = new(2026, 3, 1, 10, 0, 30, 123, 456, DateTimeKind.Utc);
        Assert.Equal(["naïve, \"quoted\"", 0, 0, "native", started, true, "odd", "", -0.0, null], rows[0]);
        Assert.Equal(["naïve, \"quoted\"", 0, 0, "native", started, true, "wall", "s", 1.5, null], rows[1]);
        Assert.Equal(["naïve, \"quoted\"", 1, null, "docker", null, false, "wall", "s", double.MaxValue, null], rows[^1]);
        object?[][] samples = [.. rows.Where(row => ((string)row[6]!).StartsWith("sample.", StringComparison.Ordinal))];
        Assert.Equal(rows.Count - 3, samples.Length);
        Assert.Equal([(0.5, 5120.0), (1.5, 5120.0)], samples.Where(row => row[6] is "sample.host.used_free").Select(row => ((double)row[9]!, (double)row[8]!)));
        Assert.Equal((1.5, 77.0), samples.Where(row => row[6] is "sample.memory.proportional").Select(row => ((double)row[9]!, (double)row[8]!)).Single());
        Assert.DoesNotContain(samples, row => row[6] is "sample.memory.current");
    }

    /// <summary>So many that there are several groups of rows, indices of several bytes, and runs of all lengths.</summary>
    [Fact]
    public async Task A_large_table_is_the_same_when_it_is_read()
    {
        ParquetColumn number = new("number", ParquetKind.Int32, optional: true), text = new("text", ParquetKind.Text), odd = new("odd", ParquetKind.Boolean);
        ParquetFile file = new(number, text, odd);
        const int Rows = (1 << 20) + 12345;
        int? Number(int row) => row % 7 == 0 || row / 1000 % 3 == 0 ? null : row;
        static string Text(int row) => $"text {row / 2 % 70000}";
        for (int row = 0; row < Rows; row++)
        {
            number.Add(Number(row));
            text.Add(Text(row));
            odd.Add(row % 2 == 1);
            file.EndRow();
        }

        (_, List<object?[]> rows) = await Read(file.ToBytes("a test"));
        Assert.Equal(Rows, rows.Count);
        Assert.All(Enumerable.Range(0, Rows), row => Assert.True(rows[row] is [var n, string t, bool o] && Equals(n, Number(row)) && t == Text(row) && o == (row % 2 == 1), $"row {row}"));
    }

    [Fact]
    public async Task A_result_without_a_value_is_a_table_without_rows()
    {
        (ParquetSchema schema, List<object?[]> rows) = await Read(ParquetReport.Of([Result with { Trials = [] }], "a test"));
        Assert.Equal((10, 0), (schema.GetDataFields().Length, rows.Count));
    }

    [Fact]
    public void A_value_of_another_kind_than_the_column_s_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new ParquetColumn("n", ParquetKind.Int32).Add("text"));
        Assert.Throws<InvalidOperationException>(() => new ParquetColumn("n", ParquetKind.Int32).AddNull());
    }
}
