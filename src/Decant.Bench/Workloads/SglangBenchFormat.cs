namespace Decant.Bench;

/// <summary>sglang.bench_serving: the line that --output-file appends, or the block that it prints.</summary>
sealed class SglangBenchFormat : WorkloadFormat
{
    static readonly ServingMetrics _metrics = new("sglang.bench_serving");

    static readonly Metric _acceptLength =
        new("accept_length", "tokens", Direction.HigherIsBetter, "Tokens of speculation accepted at a time, by sglang.bench_serving.");

    static readonly LabelledFigure[] _lines = [.. ServingBlock.Figures(_metrics), new("Accept length", _acceptLength)];

    public override string Name => "sglang-bench";

    internal override bool Claims(WorkloadText text) =>
        (text.Has(ServingBlock.Banner) && text.Starting("Backend:").Any()) || (text.Has("\"mean_ttft_ms\"") && text.Has("\"total_output_tokens_retokenized\""));

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        if (text.Has(ServingBlock.Banner))
            return ServingBlock.Read(text, _lines);
        JsonPlace[] results = [.. text.JsonLines()];
        return results.Length switch
        {
            0 => throw new UnreadableException("the output has no line of JSON"),
            1 => Result(results[0]),
            _ => throw new UnreadableException($"the file has {results.Length} results, as each run appends one: give each run a file of its own", results[1].Line),
        };
    }

    static IEnumerable<WorkloadValue> Result(JsonPlace result) =>
        [.. ServingResult.Read(result, _metrics), .. result.Optional("accept_length") is { } length ? (WorkloadValue[])[ServingResult.Of(length, _acceptLength)] : []];
}
