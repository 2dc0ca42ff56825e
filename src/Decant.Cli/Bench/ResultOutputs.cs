using System.Text;
using Decant.Bench;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Cli;

/// <summary>In which forms <c>bench</c> and <c>compare</c> give a result, and when they fail.</summary>
sealed class ResultOutputs
{
    readonly List<FailureCondition> failures = [];
    string? html;
    string? markdown;
    string? csv;
    string? parquet;
    bool json;

    public CliOption[] Table() =>
    [
        File("html", "A report as one HTML page", path => html = path),
        File("markdown", "A report for a pull request", path => markdown = path),
        File("csv", "All values, one a line", path => csv = path),
        File("parquet", "The same and all samples, as Parquet", path => parquet = path),
        new() { Name = "fail-if", Placeholder = "CONDITION", Topic = OptionTopic.Output, Help = "Exit 1 if shown: 'wall > 2%'", Apply = text => failures.Add(FailureCondition.Parse(text)) },
        JsonOption.Create(on => json = on),
    ];

    static CliOption File(string name, string help, Action<string> apply) =>
        new() { Name = name, Placeholder = "FILE", Topic = OptionTopic.Output, Hint = ValueHint.Files, Help = help, Apply = apply };

    /// <summary>Whether they can be written, before a measurement of hours.</summary>
    /// <exception cref="DecantException">A file's directory is not there, or not to be written to.</exception>
    public void Check()
    {
        const int WriteMode = 2;
        foreach (string path in new[] { html, markdown, csv, parquet }.OfType<string>())
        {
            string place = LinuxFile.Exists(path) ? path : LinuxPath.Parent(LinuxPath.Absolute(path));
            if (!LinuxFile.CanAccess(place, WriteMode) || Directory.Exists(path))
                throw new DecantException($"{PathBytes.Printable(path)} cannot be written", Directory.Exists(path) ? "it is a directory: name a file in it" : $"mkdir -p {PathBytes.Printable(LinuxPath.Parent(LinuxPath.Absolute(path)))}, or name another file");
        }
    }

    /// <summary>Whether what they are to fail by will be there.</summary>
    /// <exception cref="DecantException">There is no such metric.</exception>
    public void Check(Experiment experiment)
    {
        foreach (FailureCondition failure in failures.Where(_ => experiment.Workload is null))
            ExperimentCheck.KnownMetric(failure.Metric, "--fail-if");
    }

    /// <summary>Writes them; returns the exit code.</summary>
    public int Write(IReadOnlyList<BenchResult> results, ulong seed)
    {
        (BenchResult Result, ResultConclusions Conclusions)[] all = [.. results.Zip(ResultConclusions.Of(results, seed))];
        if (markdown is not null)
            Save(markdown, MarkdownReport.Of(all));
        if (csv is not null)
            Save(csv, CsvReport.Of(results));
        if (parquet is not null)
            Save(parquet, ParquetReport.Of(results, $"decant {BuildVersion.Text}"));
        ResultsReport report = new([.. all.Select(one => ResultReport.Of(one.Result, one.Conclusions))]);
        if (html is not null)
            Save(html, HtmlReport.Of(all, JsonOutput.Text(report, ReportJson.Default.ResultsReport)));
        if (json)
            JsonOutput.Write(report, ReportJson.Default.ResultsReport);
        else
            StandardStreams.Write(TextReport.Of(all, StandardStreams.OutputIsTerminal, StandardStreams.OutputIsTerminal ? StandardStreams.ErrorColumns : 100));
        int code = ExitCode.Success;
        foreach (FailureCondition failure in failures)
        {
            foreach ((BenchResult result, ResultConclusions conclusions) in all)
            {
                if (failure.Holds(result, conclusions) is not { } sentence)
                {
                    if (failure.Undecided(result, conclusions) is { } undecided)
                        StandardStreams.WriteError($"decant: {PathBytes.Printable(undecided)}\n");
                    continue;
                }

                StandardStreams.WriteError($"decant: {PathBytes.Printable(sentence)}\n");
                code = 1;
            }
        }

        return code;
    }

    static void Save(string path, string text) => Save(path, Encoding.UTF8.GetBytes(text));

    static void Save(string path, ReadOnlySpan<byte> bytes)
    {
        using SafeFileHandle file = LinuxFile.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.CloseOnExec, 0x1B6 /* 0666, and the umask */);
        if (LinuxFile.TryWrite(file, bytes) is not Errno.None and var errno)
            throw new LinuxException("write", path, errno);
    }
}
