using CsCheck;
using Decant.Linux;

namespace Decant.Bench.Tests;

public class LogExplanationTests
{
    const double GiB = 1L << 30;

    static LogExplanation Of(string sample) => LogExplanation.Of("server.log", Sample.Text(sample));

    [Fact]
    public void The_cache_of_TensorRT_LLM_is_a_fraction_of_what_was_free()
    {
        LogExplanation explanation = Of("trtllm-log.txt");
        CacheBudget budget = Assert.Single(explanation.Budgets);
        Assert.Equal(("TensorRT-LLM", 2, "0.85 × (139.81 − 91.46) GiB"), (explanation.Program, budget.Line, budget.Formula));
        Near.Golden(41.0975 * GiB, budget.Recomputed!.Value);
        Near.Relative(0.0125 * GiB, budget.Residual!.Value, 1e-6);
        Assert.True(budget.Holds);
        Assert.Contains(explanation.Meaning, sentence => sentence.StartsWith("The KV cache's size is computed from the other figures", StringComparison.Ordinal));
        Assert.Contains(explanation.Meaning, sentence => sentence.Contains("MemFree, so the page cache counts as used"));
    }

    [Theory]
    [InlineData("kv size is 57344. device total memory 119.70 GiB, , tmp kv_mem 0.44 GiB", "0.9 × (119.70 − 70.47 + 0.44) GiB", true)]
    [InlineData("kv size per token is 57344. device total memory 119.70 GiB, temporary kv cache memory during profiling 0.44 GiB", "0.9 × (119.70 − 70.47 + 0.44) GiB", true)]
    [InlineData("kv size is 57344. device total memory 119.70 GiB", "0.9 × (119.70 − 70.47) GiB", false)]
    public void What_profiling_took_for_a_cache_of_its_own_is_added(string end, string formula, bool holds)
    {
        CacheBudget budget = LogExplanation.Of("log", $"[I] Peak memory during memory usage profiling (torch + non-torch): 70.47 GiB, available KV cache memory when calculating max tokens: 44.70 GiB, fraction is set 0.9, {end}").Budgets[0];
        Assert.Equal((formula, (bool?)holds), (budget.Formula, budget.Holds));
    }

    [Fact]
    public void The_cache_of_vLLM_is_what_is_left_of_a_budget()
    {
        LogExplanation explanation = Of("vllm-log.txt");
        CacheBudget budget = Assert.Single(explanation.Budgets);
        Assert.Equal(("(71.20 − 14.99 − 0.35 − 1.24) GiB", (bool?)true), (budget.Formula, budget.Holds));
        Near.Golden(54.62 * GiB, budget.Recomputed!.Value);
        Assert.Equal(["memory.torch_weights", "memory.outside_torch", "memory.torch_activations", "kv_cache", "kv_cache.tokens"], explanation.Figures.Select(figure => figure.Value.Metric.Name));
    }

    [Fact]
    public void A_log_without_the_terms_says_so()
    {
        LogExplanation explanation = Of("vllm-log-new.txt");
        Assert.Null(Assert.Single(explanation.Budgets).Holds);
        Assert.Contains(explanation.Meaning, sentence => sentence.StartsWith("The log does not print all terms", StringComparison.Ordinal));
        Assert.Contains("the KV cache has 0.56 GiB, and the log does not print from what", ExplanationText.Of(explanation));
    }

    [Fact]
    public void A_cache_of_another_size_is_told()
    {
        LogExplanation explanation = LogExplanation.Of("log", Sample.Text("trtllm-log.txt").Replace("max tokens: 41.11", "max tokens: 30.00"));
        Assert.False(explanation.Budgets[0].Holds);
        Assert.Contains("11.098 GiB apart, which is more than rounding", ExplanationText.Of(explanation));
        Assert.Contains(explanation.Meaning, sentence => sentence.StartsWith("The KV cache's size is not what the formula gives", StringComparison.Ordinal));
    }

    [Fact]
    public void The_text_tells_the_identity_and_what_to_do()
    {
        string text = ExplanationText.Of(Of("trtllm-log.txt"));
        Assert.StartsWith("TensorRT-LLM tells of its memory:\n\n  line 2: memory.device_used = 91.46 GiB (derived)\n", text);
        Assert.Contains("  line 2: 0.85 × (139.81 − 91.46) GiB = 41.10 GiB; the log says 41.11 GiB, 0.012 GiB apart, which is rounding: the figure is computed and not measured\n", text);
        Assert.Contains("\nWhat to do:\n  - Compare MemTotal − MemAvailable", text);
    }

    [Fact]
    public void A_text_that_is_no_such_log_is_refused()
    {
        Assert.Equal("server.log has no line in which TensorRT-LLM or vLLM tells its memory", Assert.Throws<DecantException>(() => Of("stream.txt")).Message);
        Assert.Equal(
            "log: line 2: x is no number",
            Assert.Throws<DecantException>(() => LogExplanation.Of("log", Sample.Text("trtllm-log.txt").Replace("91.46", "x"))).Message);
    }

    /// <summary>The formula, for any figures, printed as the program prints them.</summary>
    [Fact]
    public void Rounding_of_the_log_never_breaks_the_identity() => Gen.Select(Gen.Double[10, 200], Gen.Double[0.1, 0.9], Gen.Double[0, 2], Gen.Double[0.3, 0.95]).Sample((total, used, temporary, fraction) =>
    {
        fraction = Math.Round(fraction, 2);
        double peak = used * total, cache = fraction * (total - peak + temporary);
        string line = $"Peak memory during memory usage profiling (torch + non-torch): {peak:F2} GiB, available KV cache memory when calculating max tokens: {cache:F2} GiB, "
            + $"fraction is set {fraction}, kv size is 1. device total memory {total:F2} GiB, , tmp kv_mem {temporary:F2} GiB";
        Assert.True(LogExplanation.Of("log", line).Budgets[0].Holds);
    });
}
