using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>What a log of TensorRT-LLM or vLLM says about memory, and what it does not say.</summary>
/// <param name="Program">Whose log it is.</param>
/// <param name="Figures">In the order of the log.</param>
/// <param name="Budgets">The KV caches, each computed again.</param>
/// <param name="Meaning">What follows, a sentence each.</param>
/// <param name="Advice">What to measure instead, a sentence each.</param>
public sealed record LogExplanation(
    string Program, ImmutableArray<MemoryFigure> Figures, ImmutableArray<CacheBudget> Budgets, ImmutableArray<string> Meaning, ImmutableArray<string> Advice)
{
    /// <param name="name">The log's file, for messages.</param>
    /// <exception cref="DecantException">It is no log of these programs, or a number in it is none.</exception>
    public static LogExplanation Of(string name, string log)
    {
        WorkloadText text = WorkloadText.Of(log);
        try
        {
            if (TrtllmLog.IsIn(text))
                return Explain(TrtllmLog.Program, TrtllmLog.Values(text), TrtllmLog.Explanation, TrtllmLog.Budgets(text));
            if (VllmLog.IsIn(text))
                return Explain(VllmLog.Program, VllmLog.Values(text), VllmLog.Explanation, VllmLog.Budgets(text));
        }
        catch (UnreadableException exception)
        {
            throw new DecantException($"{PathBytes.Printable(name)}: {PathBytes.Printable(exception.Text)}", inner: exception);
        }

        throw new DecantException(
            $"{PathBytes.Printable(name)} has no line in which TensorRT-LLM or vLLM tells its memory",
            "give the server's log at level INFO: \"Peak memory during memory usage profiling\" or \"Available KV cache memory\"");
    }

    static LogExplanation Explain(string program, IEnumerable<WorkloadValue> values, Func<WorkloadValue, string> explanation, IEnumerable<CacheBudget> budgets)
    {
        ImmutableArray<CacheBudget> computed = [.. budgets];
        return new LogExplanation(program, [.. values.Select(value => new MemoryFigure(value, explanation(value)))], computed, [.. Means(computed)], [.. _advice]);
    }

    static IEnumerable<string> Means(ImmutableArray<CacheBudget> budgets)
    {
        if (budgets.Any(budget => budget.Holds == true))
            yield return "The KV cache's size is computed from the other figures: both are one number, so a larger cache does not confirm a lower peak.";
        if (budgets.Any(budget => budget.Holds == false))
            yield return "The KV cache's size is not what the formula gives: this version computes it in another way, or a limit on tokens or bytes was set.";
        if (budgets.Any(budget => budget.Holds is null))
            yield return "The log does not print all terms, so the KV cache's size cannot be computed again; it is computed by the program all the same.";
        yield return "What cudaMemGetInfo calls free is free on the whole device: memory of other processes, and of libraries and CUDA's context, counts as used.";
        yield return "Where GPU and CPU share memory (GB10, DGX Spark) it is the kernel's MemFree, so the page cache counts as used: a file that was read or written "
            + "before, by anyone, makes the peak higher and the cache smaller.";
        yield return "A difference of these figures between two environments is a difference in what was free when the program started, and need not be memory that "
            + "an environment takes.";
    }

    static readonly string[] _advice =
    [
        "Compare MemTotal − MemAvailable and the memory of the process tree (its cgroup's anon and shmem, and what the driver tells for the process) instead.",
        "Bring the page cache to the same state before each trial: read the same files, or drop the caches.",
        "Fix the cache's size (max_tokens of kv_cache_config, or --kv-cache-memory-bytes) where throughputs are compared, so that both environments run with the same one.",
    ];
}
