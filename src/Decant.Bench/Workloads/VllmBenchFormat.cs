namespace Decant.Bench;

/// <summary>vllm bench serve: the file of --save-result, or the block that it prints.</summary>
sealed class VllmBenchFormat : WorkloadFormat
{
    static readonly ServingMetrics _metrics = new("vllm bench serve");

    static readonly LabelledFigure[] _lines = ServingBlock.Figures(_metrics);

    public override string Name => "vllm-bench";

    internal override bool Claims(WorkloadText text) =>
        (text.Has(ServingBlock.Banner) && !text.Starting("Backend:").Any())
        || (text.Has("\"total_token_throughput\"") && text.Has("\"mean_ttft_ms\"") && !text.Has("\"total_output_tokens_retokenized\""));

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text) =>
        text.Has(ServingBlock.Banner) ? ServingBlock.Read(text, _lines) : ServingResult.Read(text.Json(), _metrics);
}
