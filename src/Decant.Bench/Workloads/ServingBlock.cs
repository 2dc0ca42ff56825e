namespace Decant.Bench;

/// <summary>The block "Serving Benchmark Result" that vllm bench serve and sglang's bench_serving print, with the same labels.</summary>
static class ServingBlock
{
    public const string Banner = "============ Serving Benchmark Result ============";

    const double Millisecond = 1e-3;

    public static LabelledFigure[] Figures(ServingMetrics metrics) =>
    [
        new("Request throughput (req/s)", metrics.RequestThroughput, Required: true),
        new("Request goodput (req/s)", metrics.Rate("request_goodput", "1/s", "Requests by time that met their service levels")),
        new("Input token throughput (tok/s)", metrics.InputThroughput),
        new("Output token throughput (tok/s)", metrics.OutputThroughput, Required: true),
        new("Peak output token throughput (tok/s)", metrics.PeakThroughput),
        // Both spellings are about.
        new("Total Token throughput (tok/s)", metrics.TokenThroughput),
        new("Total token throughput (tok/s)", metrics.TokenThroughput),
        new("Benchmark duration (s)", metrics.Duration, Required: true),
        .. Latencies(metrics, "TTFT", "ttft"), .. Latencies(metrics, "TPOT", "tpot"), .. Latencies(metrics, "ITL", "itl"),
        .. Latencies(metrics, "E2EL", "request_latency"), .. Latencies(metrics, "E2E Latency", "request_latency"),
    ];

    /// <exception cref="UnreadableException">No request succeeded, some failed, or a figure is missing.</exception>
    public static IEnumerable<WorkloadValue> Read(WorkloadText text, IReadOnlyList<LabelledFigure> figures)
    {
        WorkloadLine succeeded = text.Only("Successful requests:");
        if (Count(succeeded) == 0)
            throw new UnreadableException("no request was successful", succeeded.Number);
        foreach (WorkloadLine line in text.Starting("Failed requests:"))
        {
            if (Count(line) > 0)
                throw new UnreadableException($"requests failed: {Count(line)}", line.Number);
        }

        return LabelledFigure.Read(text.Lines, figures);
    }

    static double Count(WorkloadLine line) => Figure.Number(line.Words[^1], line.Number);

    static IEnumerable<LabelledFigure> Latencies(ServingMetrics metrics, string label, string name) =>
        ((string[])["Mean", "Median", "P50", "P90", "P95", "P99"])
            .Select(figure => new LabelledFigure($"{figure} {label} (ms)", metrics.Latency(name, figure.ToLowerInvariant()), Millisecond));
}
