using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>In which forms <c>bench</c> and <c>compare</c> give a result, and when they fail.</summary>
sealed class ResultOutputs
{
    readonly List<FailureCondition> failures = [];
    string? html;
    string? markdown;
    string? csv;
    bool json;

    public CliOption[] Table() =>
    [
        File("html", "A report as one HTML page", path => html = path),
        File("markdown", "A report for a pull request", path => markdown = path),
        File("csv", "All values, one a line", path => csv = path),
        new() { Name = "fail-if", Placeholder = "CONDITION", Topic = OptionTopic.Output, Help = "Exit 1 if shown: 'wall > 2%'", Apply = text => failures.Add(FailureCondition.Parse(text)) },
        JsonOption.Create(on => json = on),
    ];

    static CliOption File(string name, string help, Action<string> apply) =>
        new() { Name = name, Placeholder = "FILE", Topic = OptionTopic.Output, Hint = ValueHint.Files, Help = help, Apply = apply };

    /// <summary>Writes them; returns the exit code.</summary>
    public int Write(IReadOnlyList<BenchResult> results, ulong seed)
    {
        (BenchResult Result, ResultConclusions Conclusions)[] all = [.. results.Zip(ResultConclusions.Of(results, seed))];
        if (markdown is not null)
            Save(markdown, string.Join('\n', all.Select(one => MarkdownReport.Of(one.Result, one.Conclusions))));
        if (csv is not null)
            Save(csv, CsvReport.Of(results));
        if (html is not null)
            Save(html, HtmlReport.Of(all));
        if (json)
            JsonOutput.Write(new ResultsReport([.. all.Select(one => ResultReport.Of(one.Result, one.Conclusions))]), ReportJson.Default.ResultsReport);
        else
            StandardStreams.Write(string.Join('\n', all.Select(one => TextReport.Of(one.Result, one.Conclusions, StandardStreams.OutputIsTerminal, StandardStreams.OutputIsTerminal ? StandardStreams.ErrorColumns : 100))));
        int code = ExitCode.Success;
        foreach (FailureCondition failure in failures)
        {
            foreach ((BenchResult result, ResultConclusions conclusions) in all)
            {
                if (failure.Holds(result, conclusions) is not { } sentence)
                    continue;
                StandardStreams.WriteError($"decant: {PathBytes.Printable(sentence)}\n");
                code = 1;
            }
        }

        return code;
    }

    static void Save(string path, string text) => System.IO.File.WriteAllText(path, text);
}
