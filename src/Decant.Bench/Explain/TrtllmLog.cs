using System.Text.RegularExpressions;

namespace Decant.Bench;

/// <summary>
/// What TensorRT-LLM's PyTorch backend tells of memory when it sizes its KV cache (tensorrt_llm/_torch/pyexecutor/_util.py): the peak is PyTorch's own plus all
/// that is in use on the GPU beside it, total − cudaMemGetInfo's free; the cache is fraction × (total − peak + what the profiling's own cache took).
/// </summary>
static partial class TrtllmLog
{
    public const string Program = "TensorRT-LLM";

    /// <summary>Figures are printed with two digits.</summary>
    const double Rounding = 0.005 * Figure.GiB;

    const string FromPeak = "fraction × (total − peak): free memory, as the peak is total less what cudaMemGetInfo calls free";

    static readonly Metric _peak = new(
        "memory.device_used", "B", Direction.LowerIsBetter,
        "Memory of the device in use at the peak of profiling, by TensorRT-LLM: PyTorch's peak, and what cudaMemGetInfo does not call free; not memory of the process.",
        "total − cudaMemGetInfo's free");

    static readonly Metric _cache = new("kv_cache", "B", Direction.Neither, "Memory that TensorRT-LLM gives to the KV cache.", FromPeak);

    static readonly Metric _tokens = new("kv_cache.tokens", "tokens", Direction.Neither, "Tokens that the KV cache holds, by TensorRT-LLM.", FromPeak);

    static readonly Metric _weights = new("memory.torch_weights", "B", Direction.LowerIsBetter, "Memory that PyTorch took for the weights, by TensorRT-LLM.");

    static readonly Metric _outside = new(
        "memory.outside_torch", "B", Direction.LowerIsBetter,
        "Memory of the device in use beside PyTorch's after loading, by TensorRT-LLM; not memory of the process.",
        "total − cudaMemGetInfo's free − PyTorch's");

    [GeneratedRegex(
        @"Peak memory during memory usage profiling \(torch \+ non-torch\): (?<peak>\S+) GiB, " +
        @"available KV cache memory when calculating max tokens: (?<cache>[^ ,]+) GiB(?:, fraction is set (?<fraction>[^ ,]+))?",
        RegexOptions.CultureInvariant)]
    private static partial Regex Peak();

    [GeneratedRegex(@"device total memory (?<total>\S+) GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Total();

    [GeneratedRegex(@"(?:tmp kv_mem|temporary kv cache memory during profiling) +(?<temporary>\S+) GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Temporary();

    [GeneratedRegex(@"Memory used after loading model weights \((?<where>inside|outside) torch\) in memory usage profiling: (?<size>\S+) GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Loaded();

    [GeneratedRegex(@"\[MemUsageChange\] Allocated (?<size>\S+) GiB for max tokens(?: in paged KV cache)? \((?<tokens>[0-9,]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Allocated();

    [GeneratedRegex(@"\[RANK (?<rank>[0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Rank();

    public static bool IsIn(WorkloadText text) => text.Lines.Any(line => Peak().IsMatch(line.Text));

    /// <summary>In the log's order.</summary>
    /// <exception cref="UnreadableException">A number is none.</exception>
    public static IEnumerable<CacheBudget> Budgets(WorkloadText text)
    {
        foreach (WorkloadLine line in text.Lines)
        {
            if (Peak().Match(line.Text) is not { Success: true } match)
                continue;
            double peak = GiB(match.Groups["peak"], line), cache = GiB(match.Groups["cache"], line);
            if (!match.Groups["fraction"].Success || Total().Match(line.Text) is not { Success: true } totals)
            {
                yield return new CacheBudget(Program, Origin(line), line.Number, cache, null, Rounding, "");
                continue;
            }

            double fraction = Figure.Number(match.Groups["fraction"].ValueSpan, line.Number), total = GiB(totals.Groups["total"], line);
            Match temporaries = Temporary().Match(line.Text);
            double temporary = temporaries.Success ? GiB(temporaries.Groups["temporary"], line) : 0;
            double rounding = Rounding * (1 + fraction * (temporaries.Success ? 3 : 2));
            string added = temporary > 0 ? $" + {temporaries.Groups["temporary"].Value}" : "";
            string formula = $"{fraction} × ({totals.Groups["total"].Value} − {match.Groups["peak"].Value}{added}) GiB";
            yield return new CacheBudget(Program, Origin(line), line.Number, cache, fraction * (total - peak + temporary), rounding, formula);
        }
    }

    /// <exception cref="UnreadableException">A number is none.</exception>
    public static IEnumerable<WorkloadValue> Values(WorkloadText text)
    {
        foreach (WorkloadLine line in text.Lines)
        {
            string origin = Origin(line);
            if (Peak().Match(line.Text) is { Success: true } peak)
            {
                yield return new WorkloadValue(_peak, GiB(peak.Groups["peak"], line), origin, "profiling", line.Number);
                yield return new WorkloadValue(_cache, GiB(peak.Groups["cache"], line), origin, "profiling", line.Number);
            }
            else if (Loaded().Match(line.Text) is { Success: true } loaded)
                yield return new WorkloadValue(loaded.Groups["where"].Value == "inside" ? _weights : _outside, GiB(loaded.Groups["size"], line), origin, "load", line.Number);
            else if (Allocated().Match(line.Text) is { Success: true } allocated)
                yield return new WorkloadValue(_tokens, Figure.Thousands(allocated.Groups["tokens"].Value, line.Number), origin, "profiling", line.Number);
        }
    }

    public static string Explanation(WorkloadValue value) => value.Metric.Name switch
    {
        "memory.device_used" => "total − free of cudaMemGetInfo, less what PyTorch has cached, plus PyTorch's peak: whatever else uses the memory counts.",
        "kv_cache" or "kv_cache.tokens" => "computed from the peak: it says what was free, and nothing that the peak does not say.",
        "memory.torch_weights" => "counted by PyTorch's own allocator: this is memory of the process.",
        _ => "what cudaMemGetInfo does not call free, less PyTorch's: CUDA's context and libraries, and whatever else uses the memory.",
    };

    static string Origin(WorkloadLine line) => Rank().Match(line.Text) is { Success: true } match ? $"rank {match.Groups["rank"].Value}" : "";

    static double GiB(Group group, WorkloadLine line) => Figure.GiB * Figure.Number(group.ValueSpan, line.Number);
}
