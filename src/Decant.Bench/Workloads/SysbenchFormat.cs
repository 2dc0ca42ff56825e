using System.Text.RegularExpressions;

namespace Decant.Bench;

/// <summary>sysbench 1.x and 0.5, whichever test.</summary>
sealed partial class SysbenchFormat : WorkloadFormat
{
    const double Millisecond = 1e-3;

    static readonly LabelledFigure[] _lines =
    [
        new("events per second", Rate("events_per_second", "1/s", "Events by time")),
        new("total time", new Metric("total_time", "s", Direction.LowerIsBetter, "Time of the test, by sysbench."), Required: true) { Suffix = "s" },
        new("total number of events", new Metric("events", "", Direction.HigherIsBetter, "Events in all, by sysbench: of a test that ends after a time."), Required: true),
        new("reads/s", Rate("reads_per_second", "1/s", "Reads by time")),
        new("writes/s", Rate("writes_per_second", "1/s", "Writes by time")),
        new("fsyncs/s", Rate("fsyncs_per_second", "1/s", "Calls of fsync by time")),
        new("read, MiB/s", Rate("read.bandwidth", "B/s", "Bytes read by time"), Figure.MiB),
        new("written, MiB/s", Rate("written.bandwidth", "B/s", "Bytes written by time"), Figure.MiB),
        new("avg", Latency("mean"), Millisecond) { Suffix = "ms" },
        new("max", Latency("max"), Millisecond) { Suffix = "ms" },
        new("95th percentile", Latency("p95"), Millisecond) { Suffix = "ms" },
        new("approx.  95 percentile", Latency("p95"), Millisecond) { Suffix = "ms" },
    ];

    [GeneratedRegex(@"^(?:[0-9.]+) (?<size>MiB|MB) transferred \((?<rate>[^ ]+) (?:MiB|MB)/sec\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Transferred();

    public override string Name => "sysbench";

    internal override bool Claims(WorkloadText text) => text.Starting("sysbench ").Any() && text.Starting("total number of events").Any();

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        if (text.Starting("FATAL:").FirstOrDefault() is { Number: > 0 } fatal)
            throw new UnreadableException(fatal.Text, fatal.Number);
        foreach (WorkloadValue value in LabelledFigure.Read(text.Lines, _lines))
            yield return value;
        foreach (WorkloadLine line in text.Lines)
        {
            if (Transferred().Match(line.Text) is { Success: true } match)
            {
                // Version 0.5 writes MB and means 2^20 bytes, as 1.x does.
                Metric metric = Rate("memory.bandwidth", "B/s", "Bytes of memory written or read by time");
                yield return new WorkloadValue(metric, Figure.MiB * Figure.Number(match.Groups["rate"].ValueSpan, line.Number), "", "", line.Number);
            }
        }
    }

    static Metric Rate(string name, string unit, string meaning) => new(name, unit, Direction.HigherIsBetter, $"{meaning}, by sysbench.");

    static Metric Latency(string figure) => new($"latency.{figure}", "s", Direction.LowerIsBetter, $"Time of an event, {figure}, by sysbench.");
}
