namespace Decant.Bench;

/// <summary>fio --output-format=json: each job's directions that moved data.</summary>
sealed class FioFormat : WorkloadFormat
{
    const double Nanosecond = 1e-9;

    public override string Name => "fio";

    internal override bool Claims(WorkloadText text) => text.Has("\"fio version\"");

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        JsonPlace[] jobs = [.. text.Json()["jobs"].Items()];
        foreach (JsonPlace job in jobs)
        {
            if (job["error"].Number() is not 0 and double error)
                throw job["error"].Unreadable($"is {error}: the job failed");
            string name = job["jobname"].Text(), before = jobs.Length == 1 ? "" : $"{name}.";
            foreach (string direction in (string[])["read", "write", "trim"])
            {
                if (job.Optional(direction) is not { } of || of["total_ios"].Number() == 0)
                    continue;
                foreach (WorkloadValue value in Direct(of, $"{before}{direction}", name))
                    yield return value;
            }
        }
    }

    static IEnumerable<WorkloadValue> Direct(JsonPlace of, string name, string job)
    {
        yield return Rate(of["bw_bytes"], $"{name}.bandwidth", "B/s", "Bytes moved by time");
        yield return Rate(of["iops"], $"{name}.iops", "1/s", "Operations by time");
        JsonPlace latency = of["clat_ns"];
        // A job may be told not to time completions.
        if (latency["mean"].Number() == 0)
            yield break;
        yield return Latency(latency["mean"], "mean");
        foreach ((string figure, string end) in ((string, string)[])[("50.000000", "p50"), ("99.000000", "p99"), ("99.900000", "p99_9")])
        {
            if (latency.Optional("percentile")?.Optional(figure) is { } place)
                yield return Latency(place, end);
        }

        WorkloadValue Rate(JsonPlace place, string metric, string unit, string meaning) =>
            new(new Metric(metric, unit, Direction.HigherIsBetter, $"{meaning}, by fio."), place.Number(), job, "", place.Line);

        WorkloadValue Latency(JsonPlace place, string figure)
        {
            Metric metric = new($"{name}.latency.{figure}", "s", Direction.LowerIsBetter, $"Time from submission to completion, {figure}, by fio.");
            return new WorkloadValue(metric, Nanosecond * place.Number(), job, "", place.Line);
        }
    }
}
