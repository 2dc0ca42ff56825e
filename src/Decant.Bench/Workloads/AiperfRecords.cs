namespace Decant.Bench;

/// <summary>The metrics of AIPerf's profile_export_aiperf.json, which stand in records or at the top, and of GenAI-Perf's, at the top.</summary>
static class AiperfRecords
{
    static readonly string[] _figures = ["avg", "p50", "p90", "p95", "p99"];

    static readonly string[] _marks = ["time_to_first_token", "request_latency", "request_throughput"];

    /// <summary>A metric has a unit and an average.</summary>
    public static bool Are(JsonPlace root) =>
        Holder(root) is { IsObject: true } holder && _marks.Any(holder.Has) && holder.Members().Any(member => IsMetric(member.Value));

    /// <exception cref="UnreadableException">Requests failed or were cancelled, or a unit is not known.</exception>
    public static IEnumerable<WorkloadValue> Values(JsonPlace root)
    {
        JsonPlace holder = Holder(root);
        if (root.Optional("was_cancelled") is { Element.ValueKind: System.Text.Json.JsonValueKind.True } cancelled)
            throw cancelled.Unreadable("says that the run was cancelled");
        if (holder.Optional("error_request_count")?.Optional("avg") is { } errors && errors.Number() > 0)
            throw errors.Unreadable($"says that {errors.Shown()} requests failed");
        if (root.Optional("error_summary") is { IsArray: true } summary && summary.Items().Any())
            throw summary.Unreadable("tells of errors");
        foreach ((string name, JsonPlace metric) in holder.Members())
        {
            if (!IsMetric(metric))
                continue;
            (double scale, string unit, Direction direction) = Unit(name, metric["unit"]);
            foreach (string figure in _figures)
            {
                if (metric.Optional(figure) is not { } place)
                    continue;
                // A rate of the whole run has one value.
                string end = figure != "avg" ? $".{figure}" : metric.Has("p99") ? ".mean" : "";
                string of = end.Length > 0 ? $", {end[1..]} of the requests" : "";
                Metric told = new($"{name}{end}", unit, direction, $"{name.Replace('_', ' ')}{of}, by AIPerf.");
                yield return new WorkloadValue(told, scale * Value(place), "", "serving", place.Line);
            }
        }
    }

    /// <summary>Of GenAI-Perf's first releases numbers are texts.</summary>
    static double Value(JsonPlace place) => place.IsText && Figure.Maybe(place.Text()) is { } value && double.IsFinite(value) ? value : place.Number();

    static JsonPlace Holder(JsonPlace root) => root.Optional("records") is { IsObject: true } records ? records : root;

    static bool IsMetric(JsonPlace place) => place.Optional("unit") is { IsText: true } && place.Has("avg");

    static (double Scale, string Unit, Direction Direction) Unit(string name, JsonPlace place)
    {
        string unit = place.Text();
        Direction time = name.Contains("count", StringComparison.Ordinal) ? Direction.Neither : Direction.LowerIsBetter;
        return unit switch
        {
            "ns" => (1e-9, "s", time),
            "us" => (1e-6, "s", time),
            "ms" => (1e-3, "s", time),
            "s" or "sec" or "seconds" => (1, "s", time),
            "requests/sec" or "request per sec" => (1, "1/s", Direction.HigherIsBetter),
            "tokens/sec" or "tokens/sec/user" or "tokens per sec" => (1, "tokens/s", Direction.HigherIsBetter),
            // AIPerf's kB are 2¹⁰ bytes.
            "B" => (1, "B", Direction.Neither),
            "KB" => (Figure.KiB, "B", Direction.Neither),
            "MB" => (Figure.MiB, "B", Direction.Neither),
            "GB" => (Figure.GiB, "B", Direction.Neither),
            "requests" or "tokens" or "count" or "" => (1, unit is "tokens" ? unit : "", Direction.Neither),
            _ => (1, unit, Direction.Neither),
        };
    }
}
