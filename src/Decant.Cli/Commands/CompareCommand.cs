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

    static string Declared(Question question) => $"{question.Metric} against {question.Baseline} with a margin of {100 * (question.Margin.High - 1):0.##} %";

    /// <summary>The result with the questions of the options in place of its own.</summary>
    BenchResult Asked(BenchResult result)
    {
        if (baseline is not null)
        {
            ResultEnvironment first = result.Environments.FirstOrDefault(arm => arm.Name == baseline)
                ?? throw new DecantException($"{PathBytes.Printable(result.Title)} has no environment {PathBytes.Printable(baseline)}", $"one of {string.Join(", ", result.Environments.Select(arm => arm.Name))}");
            result = result with { Environments = [first, .. result.Environments.Where(arm => arm != first)] };
        }

        foreach (string metric in metrics)
        {
            if (!result.Metrics.Any(one => one.Name == metric))
                throw new DecantException($"{PathBytes.Printable(result.Title)} has no metric {PathBytes.Printable(metric)}", $"one of {string.Join(", ", result.Metrics.Select(one => one.Name))}");
        }

        // Nothing is asked by it where nothing was before.
        if (result.Metrics.IsEmpty || (metrics.Count == 0 && margin is null && (baseline is null || result.Questions.IsEmpty)))
            return result;
        Question[] own = [.. result.QuestionsOrUsual()];
        string[] asked = metrics.Count > 0 ? [.. metrics] : [.. own.Select(question => question.Metric).DefaultIfEmpty(result.Metrics[0].Name).Distinct()];
        Question[] questions =
        [
            .. from metric in asked
               from pair in baseline is null ? own.Select(question => (question.Subject, question.Baseline)).Distinct() : result.Environments.Skip(1).Where(arm => arm.Repeats is null).Select(arm => (arm.Name, baseline))
               select new Question(metric, pair.Item1, pair.Item2, Margin(metric)),
        ];
        return result with
        {
            Remarks = result.Questions.IsEmpty || questions.SequenceEqual(result.Questions) ? result.Remarks :
                [.. result.Remarks, $"before the first trial {string.Join(" and ", result.Questions.Select(Declared).Distinct())} was declared; what this report is about was chosen afterwards"],
            Metrics = [.. result.Metrics.OrderBy(metric => Array.IndexOf(asked, metric.Name) is >= 0 and var index ? index : asked.Length)],
            Questions = [.. questions],
        };

        EquivalenceMargin Margin(string metric) => margin is { } percent ? EquivalenceMargin.Percent(percent)
            : (own.FirstOrDefault(question => question.Metric == metric) ?? own.FirstOrDefault())?.Margin ?? EquivalenceMargin.Percent(1);
    }
}
