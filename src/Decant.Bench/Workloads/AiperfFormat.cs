namespace Decant.Bench;

/// <summary>profile_export_aiperf.json of AIPerf, or GenAI-Perf's export.</summary>
sealed class AiperfFormat : WorkloadFormat
{
    public override string Name => "aiperf";

    internal override bool Claims(WorkloadText text) => text.Has("\"request_throughput\"") && text.Has("\"unit\"");

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        JsonPlace root = text.Json();
        return AiperfRecords.Are(root) ? AiperfRecords.Values(root) : throw root.Unreadable("has no metrics of AIPerf, each with unit and avg");
    }
}
