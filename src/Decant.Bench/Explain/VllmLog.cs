using System.Text.RegularExpressions;

namespace Decant.Bench;

/// <summary>
/// What vLLM tells of memory when it sizes its KV cache (vllm/worker/worker.py, vllm/v1/worker/gpu_worker.py): the cache is total × gpu_memory_utilization
/// − weights − what is not PyTorch's − the activations' peak, where what is not PyTorch's comes from cudaMemGetInfo's free.
/// </summary>
static partial class VllmLog
{
    public const string Program = "vLLM";

    const double Rounding = 0.005 * Figure.GiB;

    const string FromFree = "total × gpu_memory_utilization − weights − other memory − activations: what is not PyTorch's comes from cudaMemGetInfo's free";

    static readonly Metric _cache = new("kv_cache", "B", Direction.Neither, "Memory that vLLM gives to the KV cache.", FromFree);

    static readonly Metric _tokens = new("kv_cache.tokens", "tokens", Direction.Neither, "Tokens that the KV cache holds, by vLLM.", FromFree);

    static readonly Metric _weights = new("memory.torch_weights", "B", Direction.LowerIsBetter, "Memory that PyTorch took for the model, by vLLM.");

    static readonly Metric _outside = new(
        "memory.outside_torch", "B", Direction.LowerIsBetter,
        "Memory of the device that was taken beside PyTorch's while vLLM started; not memory of the process.",
        "cudaMemGetInfo's free before and after");

    static readonly Metric _activations = new("memory.torch_activations", "B", Direction.LowerIsBetter, "PyTorch's peak above the weights, by vLLM.");

    [GeneratedRegex(@"total_gpu_memory \((?<total>[^)]+?) ?GiB\) x gpu_memory_utilization \((?<part>[^)]+)\) = (?<budget>\S+?) ?GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Budget();

    [GeneratedRegex(
        @"model weights take (?<weights>\S+?) ?GiB; non_torch_memory takes (?<outside>\S+?) ?GiB; " +
        @"PyTorch activation peak memory takes (?<activations>\S+?) ?GiB;",
        RegexOptions.CultureInvariant)]
    private static partial Regex Parts();

    [GeneratedRegex(@"the rest of the memory reserved for KV Cache is (?<cache>\S+?) ?GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();

    [GeneratedRegex(@"Available KV cache memory: (?<cache>\S+) GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Available();

    [GeneratedRegex(@"GPU KV cache size: (?<tokens>[0-9,]+) tokens", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"Model loading took (?<weights>\S+) GiB", RegexOptions.CultureInvariant)]
    private static partial Regex Loading();

    /// <summary>(Worker_TP0 pid=258), (VllmWorker rank=0 pid=258): processes have other numbers in each trial.</summary>
    [GeneratedRegex(@"^\((?<origin>[^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Worker();

    public static bool IsIn(WorkloadText text) => text.Lines.Any(line => Available().IsMatch(line.Text) || Rest().IsMatch(line.Text) || Tokens().IsMatch(line.Text));

    /// <summary>Of older versions, which print all terms, in several lines or one; newer ones print the cache alone.</summary>
    /// <exception cref="UnreadableException">A number is none.</exception>
    public static IEnumerable<CacheBudget> Budgets(WorkloadText text)
    {
        (Match Match, WorkloadLine Line)? budget = null, parts = null;
        foreach (WorkloadLine line in text.Lines)
        {
            if (Budget().Match(line.Text) is { Success: true } budgets)
                (budget, parts) = ((budgets, line), null);
            if (Parts().Match(line.Text) is { Success: true } takes)
                parts = (takes, line);
            if (Available().Match(line.Text) is { Success: true } available)
                yield return new CacheBudget(Program, Origin(line), line.Number, GiB(available.Groups["cache"], line), null, Rounding, "");
            if (Rest().Match(line.Text) is not { Success: true } rest)
                continue;
            double cache = GiB(rest.Groups["cache"], line);
            if (budget is not { } of || parts is not { } terms)
            {
                yield return new CacheBudget(Program, Origin(line), line.Number, cache, null, Rounding, "");
                continue;
            }

            double left = GiB(of.Match.Groups["budget"], of.Line);
            foreach (string term in (ReadOnlySpan<string>)["weights", "outside", "activations"])
                left -= GiB(terms.Match.Groups[term], terms.Line);
            GroupCollection parted = terms.Match.Groups;
            string formula = $"({of.Match.Groups["budget"].Value} − {parted["weights"].Value} − {parted["outside"].Value} − {parted["activations"].Value}) GiB";
            yield return new CacheBudget(Program, Origin(line), line.Number, cache, left, 5 * Rounding, formula);
            (budget, parts) = (null, null);
        }
    }

    /// <exception cref="UnreadableException">A number is none, or nothing was left for the cache.</exception>
    public static IEnumerable<WorkloadValue> Values(WorkloadText text)
    {
        // The model's load is told before the profiling tells the weights again.
        bool loading = text.Lines.Any(line => Loading().IsMatch(line.Text));
        foreach (WorkloadLine line in text.Lines)
        {
            string origin = Origin(line);
            if (Loading().Match(line.Text) is { Success: true } loaded)
                yield return new WorkloadValue(_weights, GiB(loaded.Groups["weights"], line), origin, "load", line.Number);
            if (Parts().Match(line.Text) is { Success: true } parts)
            {
                if (!loading)
                    yield return new WorkloadValue(_weights, GiB(parts.Groups["weights"], line), origin, "load", line.Number);
                yield return new WorkloadValue(_outside, GiB(parts.Groups["outside"], line), origin, "profiling", line.Number);
                yield return new WorkloadValue(_activations, GiB(parts.Groups["activations"], line), origin, "profiling", line.Number);
            }

            Match cache = Rest().Match(line.Text) is { Success: true } rest ? rest : Available().Match(line.Text);
            if (cache.Success)
            {
                double size = GiB(cache.Groups["cache"], line);
                yield return size > 0
                    ? new WorkloadValue(_cache, size, origin, "profiling", line.Number)
                    : throw new UnreadableException($"nothing was left for the KV cache: {cache.Groups["cache"].Value} GiB", line.Number);
            }

            if (Tokens().Match(line.Text) is { Success: true } tokens)
                yield return new WorkloadValue(_tokens, Figure.Thousands(tokens.Groups["tokens"].Value, line.Number), origin, "profiling", line.Number);
        }
    }

    public static string Explanation(WorkloadValue value) => value.Metric.Name switch
    {
        "kv_cache" or "kv_cache.tokens" => "what gpu_memory_utilization leaves of the total: it says what was taken before, and is no measurement.",
        "memory.torch_weights" or "memory.torch_activations" => "counted by PyTorch's own allocator: this is memory of the process.",
        _ => "the difference of cudaMemGetInfo's free: what other processes and the page cache took meanwhile counts.",
    };

    static string Origin(WorkloadLine line) => Worker().Match(line.Text) is { Success: true } match ? match.Groups["origin"].Value.Split(" pid=")[0] : "";

    static double GiB(Group group, WorkloadLine line) => Figure.GiB * Figure.Number(group.ValueSpan, line.Number);
}
