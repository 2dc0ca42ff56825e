using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// The formats by name, but for the generic ones, which are made of what the user declares: <see cref="RegexFormat"/>, <see cref="JsonPathFormat"/>,
/// <see cref="CsvFormat"/>.
/// </summary>
public static class WorkloadFormats
{
    static readonly WorkloadFormat[] _formats =
    [
        new TrtllmBenchFormat(), MemoryLogFormat.Trtllm, new VllmBenchFormat(), MemoryLogFormat.Vllm, new SglangBenchFormat(), new AiperfFormat(), new LlamaBenchFormat(),
        new MlperfFormat(), new TorchBenchmarkFormat(), new StreamFormat(), new OsuFormat(), new HplFormat(), new NcclTestsFormat(), new FioFormat(), new SysbenchFormat(),
        new ResultWorkloadFormat(new HyperfineFormat()), new ResultWorkloadFormat(new PyperfFormat()), new ResultWorkloadFormat(new BenchmarkDotNetFormat()),
        new ResultWorkloadFormat(new GoogleBenchmarkFormat()),
    ];

    /// <summary>In the order of docs/workload-formats.md.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _formats.Select(format => format.Name)];

    /// <exception cref="DecantException">There is none of that name.</exception>
    public static WorkloadFormat Named(string name) => _formats.FirstOrDefault(format => format.Name == name)
        ?? throw new DecantException($"no workload format is called {PathBytes.Printable(name)}", $"one of {string.Join(", ", Names)}");

    /// <summary>The formats whose marks the output has: the format where it is one, to be asked for where there are several.</summary>
    public static IReadOnlyList<WorkloadFormat> Detect(string output)
    {
        WorkloadText text = WorkloadText.Of(output);
        return [.. _formats.Where(format => format.Claims(text))];
    }
}
