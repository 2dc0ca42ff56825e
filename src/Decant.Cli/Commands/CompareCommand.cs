using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant compare RESULT...</c></summary>
sealed class CompareCommand : CliCommand
{
    readonly ResultOutputs outputs = new();
    readonly List<string> metrics = [];
    string? baseline;
    double? margin;
    CliOption[]? options;

    public override string Name => "compare";

    public override string Summary => "Statistics and a report from stored results";

    public override CliOperand[] Operands => [new("RESULT", ValueHint.Files, Repeated: true)];

    public override CliOption[] Options => options ??=
    [
        new() { Name = "metric", Placeholder = "NAME", Topic = OptionTopic.Comparison, Help = "What the verdicts are about; repeatable", Apply = metrics.Add },
        new() { Name = "baseline", Placeholder = "NAME", Topic = OptionTopic.Comparison, Help = "What the others are compared with", Apply = text => baseline = text },
        new() { Name = "margin", Placeholder = "PERCENT", Topic = OptionTopic.Comparison, Help = "Differences that do not matter; 1 by default", Apply = text => margin = ExperimentText.Percent(text, "--margin") },
        .. outputs.Table(),
    ];

    public override string[] Examples =>
    [
        "decant compare results/",
        "decant compare hyperfine.json --html report.html",
        "decant compare native.json docker.json",
        "decant compare results/ --fail-if 'wall > 2%'",
    ];

    public override int Run(string[] operands)
    {
        outputs.Check();
        JoinedResults joined = ResultJoin.Of(StoredResults.Read(operands));
        if (joined.Separate is { } reason)
            StandardStreams.WriteError($"decant: shown one after another, as {PathBytes.Printable(reason)}\n");
        return outputs.Write([.. joined.Results.Select(Asked)], seed: 0);
    }

    static string Declared(Question question) => $"{question.Metric} with a margin of {100 * (question.Margin.High - 1):0.##} %";

    /// <summary>The result with the questions of the options in place of its own.</summary>
    BenchResult Asked(BenchResult result)
    {
        if (baseline is not null)
        {
            ResultEnvironment first = result.Environments.FirstOrDefault(arm => arm.Name == baseline)
                ?? throw new DecantException($"{PathBytes.Printable(result.Title)} has no environment {PathBytes.Printable(baseline)}", $"one of {string.Join(", ", result.Environments.Select(arm => arm.Name))}");
            result = result with { Environments = [first, .. result.Environments.Where(arm => arm != first)], Questions = [] };
        }

        foreach (string metric in metrics)
        {
            if (!result.Metrics.Any(one => one.Name == metric))
                throw new DecantException($"{PathBytes.Printable(result.Title)} has no metric {PathBytes.Printable(metric)}", $"one of {string.Join(", ", result.Metrics.Select(one => one.Name))}");
        }

        if ((metrics.Count == 0 && margin is null) || result.Metrics.IsEmpty)
            return result;
        string[] asked = metrics.Count > 0 ? [.. metrics] : [.. result.Questions.Select(question => question.Metric).DefaultIfEmpty(result.Metrics[0].Name).Distinct()];
        return result with
        {
            Remarks = result.Questions.IsEmpty ? result.Remarks :
                [.. result.Remarks, $"before the first trial {string.Join(" and ", result.Questions.Select(Declared).Distinct())} was declared; what this report is about was chosen afterwards"],
            Metrics = [.. result.Metrics.OrderBy(metric => Array.IndexOf(asked, metric.Name) is >= 0 and var index ? index : asked.Length)],
            Questions =
            [
                .. from metric in asked
                   from arm in result.Environments.Skip(1)
                   select new Question(metric, arm.Name, result.Environments[0].Name, EquivalenceMargin.Percent(margin ?? 1)),
            ],
        };
    }
}
