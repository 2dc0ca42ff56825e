using System.Net;
using System.Text;

namespace Decant.Cli;

/// <summary>Doctor's report as one page that needs nothing else.</summary>
static class DoctorHtml
{
    const string Style = """
        :root { color-scheme: light dark; --ink: #1f2328; --dim: #656d76; --line: #d0d7de; --paper: #fff; --error: #cf222e; --warning: #9a6700; --good: #1a7f37; --soft: #f6f8fa }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #8d96a0; --line: #30363d; --paper: #0d1117; --error: #ff7b72; --warning: #d29922; --good: #3fb950; --soft: #161b22 } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
        code, pre, .mono { font: 13px/1.45 ui-monospace, monospace } pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
        .verdict { font-size: 1.1rem; margin: .3rem 0 0 } .bad { color: var(--error) } .good { color: var(--good) }
        article { border: 1px solid var(--line); border-left: 4px solid var(--dim); border-radius: 6px; padding: .7rem 1rem; margin: .8rem 0 }
        article.error { border-left-color: var(--error) } article.warning { border-left-color: var(--warning) }
        article p { margin: .2rem 0 } .id { color: var(--dim) } dl { display: grid; grid-template-columns: 4rem 1fr; gap: .2rem .8rem; margin: .5rem 0 0 } dt { color: var(--dim) } dd { margin: 0; overflow-wrap: anywhere }
        .picture { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px }
        svg path { fill: none; stroke: var(--line); stroke-width: 1.5 } svg rect { fill: var(--soft); stroke: var(--line) } svg text { font: 12px ui-monospace, monospace; fill: var(--ink) } svg .where { font-size: 9.5px; fill: var(--dim) }
        svg .missing rect { stroke: var(--error); stroke-width: 2 } svg .missing text { fill: var(--error) } svg .bypath rect { stroke: var(--warning) } svg .optional rect { stroke-dasharray: 4 } svg .program rect { stroke: var(--ink) }
        """;

    /// <param name="libraries">Of each program of the command that could be loaded: its name and picture.</param>
    public static string Render(DoctorReport report, IReadOnlyList<(string Name, string Picture)> libraries)
    {
        StringBuilder page = new();
        string title = report.Command.Count > 0 ? string.Join(' ', report.Command) : report.Image;
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>decant doctor: ").Append(Escaped(title)).Append("</title>\n<style>\n")
            .Append(Style).Append("\n</style>\n<h1 class=\"mono\">").Append(Escaped(title)).Append("</h1>\n");
        int errors = report.Findings.Count(finding => finding.Severity == "error");
        page.Append($"<p class=\"verdict\">in {Escaped(report.Image)}: ").Append(errors == 0 ? "<span class=\"good\">no error found</span>" : $"<span class=\"bad\">{errors} {(errors == 1 ? "error" : "errors")}</span>");
        if (report.Programs is { } programs)
            page.Append($", {programs} programs and {report.Libraries} libraries");
        page.Append("</p>\n");
        Findings(page, report.Findings);
        if (report.Prescription is { } prescription)
        {
            page.Append("<h2>Prescription</h2>\n<p>With this there are no errors.</p>\n");
            Changes(page, prescription);
        }
        else if (report.Obstacle is { } obstacle)
        {
            page.Append("<h2>No change of the environment mends it</h2>\n<p>Furthest leads</p>\n");
            Changes(page, obstacle.Changes);
            page.Append("<p>and with that</p>\n");
            Findings(page, obstacle.Findings);
        }

        foreach ((string name, string picture) in libraries)
            page.Append($"<h2>What <span class=\"mono\">{Escaped(name)}</span> binds</h2>\n<div class=\"picture\">\n{picture}</div>\n");
        return page.Append("</html>\n").ToString();
    }

    static void Findings(StringBuilder page, IReadOnlyList<FindingReport> findings)
    {
        foreach (FindingGroup group in FindingGroup.Of(findings))
            Group(page, group);
    }

    static void Group(StringBuilder page, FindingGroup group)
    {
        FindingReport finding = group.First;
        string files = group.Others.Count > 0 ? $" · {group.Others.Count + 1} files" : "";
        page.Append($"<article class=\"{finding.Severity}\">\n<p class=\"id\">{finding.Severity} · {Escaped(finding.Id)}{files}</p>\n<p>{Escaped(finding.Cause)}</p>\n<dl>\n");
        if (group.Others.Count > 0)
            page.Append($"<dt>also</dt><dd>{Escaped(group.Also)}</dd>\n");
        if (finding.Message is not null)
            page.Append($"<dt>says</dt><dd><code>{Escaped(finding.Message)}</code></dd>\n");
        if (finding.Evidence.Count > 0)
            page.Append("<dt>seen</dt><dd>").Append(string.Join("<br>", finding.Evidence.Select(Escaped))).Append("</dd>\n");
        if (finding.Fix is not null)
            page.Append($"<dt>fix</dt><dd>{Escaped(finding.Fix)}</dd>\n");
        page.Append("</dl>\n</article>\n");
    }

    static void Changes(StringBuilder page, IReadOnlyList<ChangeReport> changes)
    {
        page.Append("<pre>").Append(string.Join('\n', changes.Select(change => Escaped(change.Shell)))).Append("</pre>\n<ul>\n");
        foreach (ChangeReport change in changes)
            page.Append($"<li><code>{Escaped(change.Name)}</code>: {Escaped(change.Reason)}</li>\n");
        page.Append("</ul>\n");
    }

    static string Escaped(string words) => WebUtility.HtmlEncode(words);
}
