using System.Text;
using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant fsck</c></summary>
sealed class FsckCommand : StoreCommand
{
    bool repair;
    bool json;

    public override string Name => "fsck";

    public override string Summary => "Check everything in the store, and mend it";

    public override CliOption[] Options =>
    [
        CliOption.Flag("repair", '\0', OptionTopic.Output, "Mend what the store itself can, remove the rest", on => repair = on),
        JsonOption.Create(on => json = on),
    ];

    protected override int Run(string[] operands, Configuration configuration)
    {
        ImageStore store = configuration.OpenStore();
        StoreCheckReport report;
        using (CheckProgress progress = new())
            report = StoreCheck.Run(store, repair, progress.Show);
        if (json)
            JsonOutput.Write(FsckReport.Of(store.Root, report), ReportJson.Default.FsckReport);
        else
            StandardStreams.Write(Render(report));
        return report.IsClean ? ExitCode.Success : ExitCode.ProblemsFound;
    }

    static string Render(StoreCheckReport report)
    {
        StringBuilder text = new();
        foreach (StoreFinding finding in report.Findings)
        {
            text.Append($"{finding.Id} {PathBytes.Printable(finding.Subject)}");
            if (finding.Images.Count > 0)
                text.Append($" ({PathBytes.Printable(string.Join(", ", finding.Images))})");
            text.Append($": {finding.Text}\n");
            foreach (string detail in finding.Details)
                text.Append($"  {detail}\n");
            if (finding.Done is { } done)
                text.Append($"  done: {done}\n");
            if (finding.Fix is { } fix)
                text.Append($"  fix: {fix}\n");
        }

        text.Append($"{Count(report.Images, "image")}, {Count(report.Blobs, "blob")}, {Count(report.Layers, "layer")}; {ByteSize.Format(report.Bytes)} read: ");
        int problems = report.Findings.Count(finding => finding.IsProblem);
        text.Append(problems == 0 ? "clean" : Count(problems, "problem"));
        int leftovers = report.Findings.Count - problems;
        if (leftovers > 0)
            text.Append($", {Count(leftovers, "leftover")}");
        if (report.Unreadable > 0)
            text.Append($"; {Count((int)report.Unreadable, "file")} could not be read, as their mode forbids it");
        return text.Append('\n').ToString();
    }

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
