using System.Text;

namespace Decant.Cli;

/// <summary>What <c>decant doctor</c> prints for a person: the verdict first, then each finding, then what to do.</summary>
sealed class DoctorText
{
    const string Red = "31";
    const string Yellow = "33";
    const string Green = "32";
    const string Bold = "1";
    const string Dim = "2";
    const int LabelWidth = 10;
    const int StackWidth = 24;
    const int Width = 100;

    readonly StringBuilder text = new();
    readonly bool colours;

    DoctorText(bool colours) => this.colours = colours;

    public static string Render(DoctorReport report, bool colours)
    {
        DoctorText page = new(colours);
        page.Page(report);
        return page.text.ToString();
    }

    /// <summary>What stands under a program's own last words: the errors alone.</summary>
    public static string Under(DoctorReport report)
    {
        StringBuilder text = new();
        foreach (FindingReport finding in report.Obstacle?.Findings ?? [.. report.Findings.Where(finding => finding.Severity == "error")])
        {
            text.Append($"decant: {finding.Cause}\n");
            if (finding.Fix is not null)
                text.Append($"  fix: {finding.Fix}\n");
        }

        return text.ToString();
    }

    void Page(DoctorReport report)
    {
        int errors = report.Findings.Count(finding => finding.Severity == "error");
        int warnings = report.Findings.Count(finding => finding.Severity == "warning");
        string command = string.Join(' ', report.Command);
        if (report.Explained)
        {
            Findings(report.Findings);
            text.Remove(0, 1);
            if (report.Prescription is { } found)
                Prescription(report, found);
            return;
        }

        if (report.Programs is { } programs)
            text.Append(Paint(report.Image, Bold)).Append($": {programs} programs and {report.Libraries} libraries{(command.Length > 0 ? $", and its command {command}" : "")}: ");
        else
            text.Append(Paint(command, Bold)).Append(" in ").Append(report.Image).Append(": ");
        string failing = report.Programs is not null ? $"{errors} {(errors == 1 ? "error" : "errors")}" : errors == 1 ? "it will fail" : $"it will fail, for {errors} reasons";
        text.Append(errors > 0 ? Paint(failing, Red) : Paint("no error found", Green));
        if (warnings > 0)
            text.Append(", ").Append(Paint(warnings == 1 ? "1 warning" : $"{warnings} warnings", Yellow));
        text.Append('\n');
        Stacks(report.Stacks ?? []);
        Findings(report.Findings);
        if (report.Prescription is { } changes)
            Prescription(report, changes);
        else if (report.Obstacle is { } obstacle)
            Obstacle(obstacle);
        else if (errors > 0)
            text.Append('\n').Append(Paint("No change of the environment mends it", Bold)).Append("; see what fixes each.\n");
    }

    void Stacks(IReadOnlyList<StackReport> stacks)
    {
        if (stacks.Count > 0)
            text.Append('\n');
        foreach (StackReport stack in stacks)
            text.Append("  ").Append($"{stack.Name} {stack.Version}".PadRight(StackWidth)).Append(Paint($" {stack.Path}", Dim)).Append('\n');
    }

    void Findings(IReadOnlyList<FindingReport> findings)
    {
        foreach (FindingGroup group in FindingGroup.Of(findings))
            Group(group);
    }

    void Group(FindingGroup group)
    {
        FindingReport finding = group.First;
        string colour = finding.Severity switch { "error" => Red, "warning" => Yellow, _ => Dim };
        text.Append('\n').Append(Paint(finding.Severity, colour)).Append(Paint($"  {finding.Id}{(group.Others.Count > 0 ? $", {group.Others.Count + 1} files" : "")}", Dim)).Append('\n');
        Wrapped("", finding.Cause);
        if (group.Others.Count > 0)
            Wrapped("also", group.Also);
        if (finding.Message is not null)
            Wrapped("says", finding.Message);
        for (int i = 0; i < finding.Evidence.Count; i++)
            Wrapped(i == 0 ? "seen" : "", finding.Evidence[i], labelled: true);
        if (finding.Fix is not null)
            Wrapped("fix", finding.Fix);
    }

    void Obstacle(ObstacleReport obstacle)
    {
        text.Append('\n').Append(Paint("No change of the environment mends it", Bold)).Append("; furthest leads\n");
        foreach (ChangeReport change in obstacle.Changes)
            text.Append("  ").Append(change.Shell).Append('\n');
        text.Append("and with that\n");
        Findings(obstacle.Findings);
    }

    void Prescription(DoctorReport report, IReadOnlyList<ChangeReport> changes)
    {
        text.Append('\n').Append(Paint("Prescription", Green)).Append(report.IsAppliedByRun ? ": with this there are no errors; decant run does it by itself\n" : ": with this there are no errors (decant run -e)\n");
        for (int i = 0; i < changes.Count; i++)
        {
            text.Append("  ").Append(changes[i].Shell).Append('\n');
            // Variables that go together have one reason.
            if (i + 1 == changes.Count || changes[i + 1].Reason != changes[i].Reason)
                Wrapped("because", changes[i].Reason);
        }
    }

    /// <summary>Words below each other behind a label; a path is never broken.</summary>
    void Wrapped(string label, string words, bool labelled = false)
    {
        bool indented = label.Length > 0 || labelled;
        string indent = new(' ', indented ? 2 + LabelWidth : 2);
        text.Append("  ");
        if (indented)
            text.Append(Paint(label.PadRight(LabelWidth), Dim));
        int column = indent.Length;
        bool first = true;
        foreach (string word in words.Split(' '))
        {
            if (!first && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(indent);
                column = indent.Length;
                first = true;
            }

            text.Append(first ? "" : " ").Append(word);
            column += word.Length + (first ? 0 : 1);
            first = false;
        }

        text.Append('\n');
    }

    string Paint(string words, string colour) => colours && words.Length > 0 ? $"\e[{colour}m{words}\e[0m" : words;
}
