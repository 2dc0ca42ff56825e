using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>profile_export_aiperf.json of AIPerf, or GenAI-Perf's export: one run and so one trial. Several runs of an arm are put together by their files.</summary>
sealed class AiperfResultFormat : ResultFormat
{
    public override string Tool => "aiperf";

    public override bool Wrote(JsonPlace root) => AiperfRecords.Are(root);

    public override IReadOnlyList<BenchResult> Read(JsonPlace root, string name)
    {
        WorkloadValue[] values = [.. AiperfRecords.Values(root)];
        Trial trial = new()
        {
            Number = 0,
            Environment = name,
            Values = Values(values.DistinctBy(value => value.Metric.Name).Select(value => (value.Metric.Name, (double?)value.Value))),
        };
        return
        [
            new BenchResult
            {
                Title = Tool,
                Source = Tool,
                Environments = [new ResultEnvironment(name, Tool, name, ImmutableSortedDictionary<string, string>.Empty)],
                Metrics = [.. values.Select(value => value.Metric).DistinctBy(metric => metric.Name)],
                Trials = [trial],
            },
        ];
    }
}
