namespace Decant.Bench;

/// <summary>The memory that TensorRT-LLM or vLLM tells in its log. Of several ranks or workers each has its own metrics.</summary>
sealed class MemoryLogFormat(string name, Func<WorkloadText, bool> isIn, Func<WorkloadText, IEnumerable<WorkloadValue>> values) : WorkloadFormat
{
    public static MemoryLogFormat Trtllm { get; } = new("trtllm-log", TrtllmLog.IsIn, TrtllmLog.Values);

    public static MemoryLogFormat Vllm { get; } = new("vllm-log", VllmLog.IsIn, VllmLog.Values);

    public override string Name => name;

    internal override bool Claims(WorkloadText text) => isIn(text);

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        // The same figure printed again, as by each of several engines, leaves nothing open.
        WorkloadValue[] all = [.. values(text).DistinctBy(value => (value.Metric.Name, value.Scope, value.Value))];
        if (all.Length > 0 && all.All(value => value.Metric.Name != "kv_cache"))
            throw new UnreadableException("the line that tells the KV cache's size in GiB is missing");
        string[] several =
        [
            .. all.GroupBy(value => value.Metric.Name).Where(group => group.DistinctBy(value => value.Scope).Count() > 1).Select(group => group.Key),
        ];
        return all.Select(value => several.Contains(value.Metric.Name)
            ? value with { Metric = value.Metric with { Name = $"{value.Metric.Name}.{value.Scope.ToLowerInvariant().Replace(' ', '_').Replace('=', '_')}" } }
            : value);
    }
}
