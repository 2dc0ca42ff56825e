namespace Decant.Bench.Tests;

/// <summary>The formats of llama-bench, each of a run of its own.</summary>
public class LlamaBenchTests
{
    static WorkloadReading Read(string output) => WorkloadFormats.Named("llama-bench").Read(output);

    [Theory]
    [InlineData("llama-bench.csv", 7285.676949, 2, 119.915244, 3)]
    [InlineData("llama-bench.json", 7100.002165, 2, 118.881588, 39)]
    [InlineData("llama-bench.jsonl", 7263.609157, 1, 119.844681, 2)]
    [InlineData("llama-bench.sql", 7324.546977, 37, 120.346696, 38)]
    public void Both_tests_of_a_run_are_read(string sample, double prompt, int promptLine, double generated, int generatedLine)
    {
        WorkloadReading reading = Read(Sample.Text(sample));
        Assert.Null(reading.Failure);
        Assert.Equal(
            [("pp512.tokens_per_second", prompt, "tokens/s", Direction.HigherIsBetter, promptLine), ("tg128.tokens_per_second", generated, "tokens/s", Direction.HigherIsBetter, generatedLine)],
            reading.Values.Select(value => (value.Metric.Name, value.Value, value.Metric.Unit, value.Metric.Direction, value.SourceLine)));
    }

    [Theory]
    [InlineData("llama-bench.csv", ",\"0.430617\"", "", "llama-bench, line 3: the row has 32 fields and the header 33")]
    [InlineData("llama-bench.sql", "'0.504647');", "'0.504647'", "llama-bench, line 38: the statement is cut short")]
    [InlineData("llama-bench.sql", ", '0.504647');", ");", "llama-bench, line 38: the statement has 32 values of 33 columns")]
    public void A_row_that_is_cut_is_a_failure(string sample, string from, string to, string failure)
    {
        string whole = Sample.Text(sample);
        Assert.Contains(from, whole);
        Assert.Equal(failure, Read(whole.Replace(from, to)).Failure?.ToString());
    }
}
