using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant compare RESULT...</c></summary>
sealed class CompareCommand : CliCommand
{
    readonly ResultOutputs outputs = new();
    readonly List<string> metrics = [];
    string? baseline;
    double margin = 1;
    CliOption[]? options;

    public override string Name => "compare";

    public override string Summary => "Statistics and a report from stored results";

    public override CliOperand[] Operands => [new("RESULT", ValueHint.Files, Repeated: true)];

    public override CliOption[] Options => options ??=
    [
        new() { Name = "metric", Placeholder = "NAME", Topic = OptionTopic.Program, Help = "What the verdicts are about; repeatable", Apply = metrics.Add },
        new() { Name = "baseline", Placeholder = "NAME", Topic = OptionTopic.Program, Help = "What the others are compared with", Apply = text => baseline = text },
        new() { Name = "margin", Placeholder = "PERCENT", Topic = OptionTopic.Program, Help = "Differences that do not matter; 1 by default", Apply = text => margin = ExperimentText.Percent(text, "--margin") },
        .. outputs.Table(),
    ];

    public override string[] Examples =>
    [
        "decant compare results/",
        "decant compare hyperfine.json --html report.html",
        "decant compare results/ --fail-if 'wall > 2%'",
    ];

    public override int Run(string[] operands)
    {
        List<BenchResult> results = [];
        foreach (string operand in operands)
            results.AddRange(Read(operand));
        return outputs.Write([.. results.Select(Asked)], seed: 0);
    }

    /// <summary>The result with the questions of the options in place of its own.</summary>
    BenchResult Asked(BenchResult result)
    {
        if (baseline is not null)
        {
            ResultEnvironment first = result.Environments.FirstOrDefault(arm => arm.Name == baseline)
                ?? throw new DecantException($"{PathBytes.Printable(result.Title)} has no environment {PathBytes.Printable(baseline)}", $"one of {string.Join(", ", result.Environments.Select(arm => arm.Name))}");
            result = result with { Environments = [first, .. result.Environments.Where(arm => arm != first)], Questions = [] };
        }

        if (metrics.Count == 0)
            return result;
        foreach (string metric in metrics)
        {
            if (!result.Metrics.Any(one => one.Name == metric))
                throw new DecantException($"{PathBytes.Printable(result.Title)} has no metric {PathBytes.Printable(metric)}", $"one of {string.Join(", ", result.Metrics.Select(one => one.Name))}");
        }

        return result with
        {
            Metrics = [.. result.Metrics.OrderBy(metric => metrics.IndexOf(metric.Name) is >= 0 and var index ? index : metrics.Count)],
            Questions =
            [
                .. from metric in metrics
                   from arm in result.Environments.Skip(1)
                   select new Question(metric, arm.Name, result.Environments[0].Name, EquivalenceMargin.Percent(margin)) { Label = BuiltInMetrics.Label(metric) },
            ],
        };
    }

    static IEnumerable<BenchResult> Read(string path)
    {
        if (LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) is not Errno.None and var errno)
            throw new LinuxException("read", path, errno);
        return status.IsDirectory ? [BenchSession.Read(path)] : ResultImport.Read(path, LinuxFile.ReadAll(null, path));
    }
}
