namespace Decant.Bench;

/// <summary>The object that vllm bench serve --save-result and sglang's bench_serving --output-file write, with the same members.</summary>
static class ServingResult
{
    const double Millisecond = 1e-3;

    /// <exception cref="UnreadableException">Requests failed, or a figure is missing.</exception>
    public static IEnumerable<WorkloadValue> Read(JsonPlace result, ServingMetrics metrics)
    {
        if (result["completed"].Number() is not > 0)
            throw result["completed"].Unreadable("says that no request was completed");
        if (result.Optional("failed") is { } failed && failed.Number() > 0)
            throw failed.Unreadable($"says that {failed.Shown()} requests failed");
        if (!result.Has("failed") && result.Optional("num_prompts") is { } asked && result["completed"].Number() < asked.Number())
            throw result["completed"].Unreadable($"says that {result["completed"].Shown()} of {asked.Shown()} requests were completed");
        foreach (JsonPlace error in result.Optional("errors") is { IsArray: true } errors ? errors.Items() : [])
        {
            if (error.Shown().Length > 0)
                throw error.Unreadable($"is the error of a request: {error.Shown()}");
        }

        yield return Of(result["duration"], metrics.Duration);
        yield return Of(result["request_throughput"], metrics.RequestThroughput);
        yield return Of(result["output_throughput"], metrics.OutputThroughput);
        foreach ((string member, Metric metric) in ((string, Metric)[])
        [
            ("request_goodput", metrics.Rate("request_goodput", "1/s", "Requests by time that met their service levels")),
            ("max_output_tokens_per_s", metrics.PeakThroughput), ("input_throughput", metrics.InputThroughput),
            ("total_token_throughput", metrics.TokenThroughput), ("total_throughput", metrics.TokenThroughput),
        ])
        {
            if (result.Optional(member) is { } place)
                yield return Of(place, metric);
        }

        foreach ((string member, string name) in ((string, string)[])
            [("ttft", "ttft"), ("tpot", "tpot"), ("itl", "itl"), ("e2el", "request_latency"), ("e2e_latency", "request_latency")])
        {
            foreach (string figure in (string[])["mean", "median", "p50", "p90", "p95", "p99"])
            {
                if (result.Optional($"{figure}_{member}_ms") is { } place)
                    yield return Of(place, metrics.Latency(name, figure), Millisecond);
            }
        }
    }

    public static WorkloadValue Of(JsonPlace place, Metric metric, double scale = 1) => new(metric, scale * place.Number(), "", "serving", place.Line);
}
