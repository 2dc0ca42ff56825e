using System.Text;

namespace Decant.Bench;

/// <summary>
/// Results as one page without anything from elsewhere: what is concluded, the pictures that show it, what was not the same, what limits it, all numbers.
/// </summary>
public static class HtmlReport
{
    const string Style = """
        :root { color-scheme: light dark; --ink: #1f2328; --dim: #656d76; --line: #d0d7de; --paper: #fff; --soft: #f6f8fa; --bad: #cf222e; --good: #1a7f37; --open: #9a6700;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b0578d; --c4: #8a6d00; --c5: #3f8fc0; --c6: #5e5e5e; --c7: #7a3db8; --c8: #a13030; --c9: #00808a;
          --p0: #4f63b6; --p1: #b7862f; --p2: #a4566f; --p3: #6b8e23; --p4: #8a8f98; --p5: #a9cfc0; --p6: #e4e7eb; --shade: #1f232855 }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #8d96a0; --line: #30363d; --paper: #0d1117; --soft: #161b22; --bad: #ff7b72; --good: #3fb950; --open: #d29922;
          --c0: #56b4e9; --c1: #ff9650; --c2: #2fcf9f; --c3: #e29ac6; --c4: #e0c341; --c5: #9fd0ef; --c6: #b0b0b0; --c7: #c39bf0; --c8: #f08a8a; --c9: #4fd0da;
          --p0: #8494e0; --p1: #d8aa57; --p2: #cf87a0; --p3: #9dbf57; --p4: #777e88; --p5: #3f6b5c; --p6: #2b323b; --shade: #c9d1d966 } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere } h1:not(:first-child) { margin-top: 3rem; padding-top: 1.5rem; border-top: 2px solid var(--line) } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem } .dim { color: var(--dim) } p { margin: .4rem 0 }
        .verdict { border: 1px solid var(--line); border-left: 4px solid var(--open); border-radius: 6px; padding: .6rem 1rem; margin: .7rem 0 }
        .verdict b { display: block } .verdict.different { border-left-color: var(--bad) } .verdict.different b { color: var(--bad) }
        .verdict.negligible, .verdict.equivalent { border-left-color: var(--good) } .verdict.negligible b, .verdict.equivalent b { color: var(--good) } .verdict.inconclusive b { color: var(--open) }
        .wide { overflow-x: auto; scrollbar-width: thin; scrollbar-color: var(--dim) transparent; background: linear-gradient(90deg, var(--paper) 40%, transparent) left / 2.5rem 100% local, linear-gradient(-90deg, var(--paper) 40%, transparent) right / 2.5rem 100% local,
            linear-gradient(90deg, var(--shade), transparent) left / 1rem 100% scroll, linear-gradient(-90deg, var(--shade), transparent) right / 1rem 100% scroll; background-color: var(--paper); background-repeat: no-repeat }
        .wide:focus-visible { outline: 2px solid var(--c0); outline-offset: 2px }
        svg { display: block; width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px } svg text.dim { fill: var(--dim); font-size: 11.5px } svg.narrow { display: none; max-width: 30rem }
        .grid { stroke: var(--line); stroke-width: .7 } .one { stroke: var(--dim); stroke-width: 1.2; stroke-dasharray: 4 3 } .band { fill: var(--good); opacity: .13 }
        .interval { stroke-width: 3 } .dot { opacity: .8 } .quartiles { opacity: .22 } .median { stroke-width: 2.5 } .curve, .thread { fill: none; stroke-width: 1.6 } .thread { opacity: .45 } .d1 { stroke-dasharray: 8 3 } .d2 { stroke-dasharray: 2 3 } .d3 { stroke-dasharray: 9 3 2 3 } .d4 { stroke-dasharray: 5 5 } .d5 { stroke-dasharray: 15 4 } .d6 { stroke-dasharray: 9 3 2 3 2 3 }
        .more { fill: var(--c1) } .less { fill: var(--c2) } .sum { fill: var(--c0) } .rest { fill: var(--c6) } .alarm { fill: var(--bad) }
        .heat { fill: none; stroke: var(--dim); stroke-width: 1.3; stroke-dasharray: 5 3 } .teardown { opacity: .4 } .work { fill: var(--p0) } .engine { fill: var(--p1) } .area { stroke: var(--paper); stroke-width: .5 }
        .part0 { fill: var(--p0) } .part1 { fill: var(--p1) } .part2 { fill: var(--p2) } .part3 { fill: var(--p3) } .part4 { fill: var(--p4) } .part5 { fill: var(--p5) } .part6 { fill: var(--p6) }
        li.grave::marker { content: "✖  "; color: var(--bad) } li.doubt::marker { content: "!  "; color: var(--open) }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums } th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap } th:first-child, td:first-child { text-align: left }
        thead th { vertical-align: bottom } .wide th:first-child, .wide td:first-child { position: sticky; left: 0; background: var(--paper); border-right: 1px solid var(--line) }
        td.pair { vertical-align: top } .wide th.name, .wide td.name { max-width: 18rem; white-space: normal; overflow-wrap: break-word; vertical-align: top }
        th.words, td.words { white-space: normal; text-align: left; vertical-align: top; overflow-wrap: anywhere; min-width: 8.5rem } details { margin: .6rem 0 } summary { cursor: pointer } .key { display: inline-block; margin-right: 1rem } .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px }
        pre { font: 13px/1.45 ui-monospace, monospace; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere }
        @media screen and (max-width: 45rem) { svg.broad { display: none } svg.narrow { display: block } th, td { padding: .2rem .45rem } .wide th.name, .wide td.name { min-width: 8.2rem; max-width: 8.2rem; overflow-wrap: anywhere } td.pair { white-space: normal } }
        @media print { body { max-width: none; margin: 0; print-color-adjust: exact } details { display: block } details::details-content { content-visibility: visible; block-size: auto } h1:not(:first-child) { break-before: page } h2 { break-after: avoid }
          svg, .verdict, tr { break-inside: avoid } .wide { overflow: visible; background: none } th, td { white-space: normal } }
        """;

    /// <param name="json">The same as the machine reads it, to be kept in the page; null for nothing.</param>
    public static string Of(IReadOnlyList<(BenchResult Result, ResultConclusions Conclusions)> results, string? json = null)
    {
        string title = string.Join("; ", results.Select(one => one.Result.Title));
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(Style);
        for (int colour = 0; colour < ArmStyle.Colours; colour++)
            page.Append($"\n.c{colour} {{ fill: var(--c{colour}); stroke: var(--c{colour}); background: var(--c{colour}) }} .curve.c{colour}, .thread.c{colour} {{ fill: none }} .dot.c{colour} {{ stroke: none }}");
        page.Append("\n</style>\n</head>\n<body>\n<main>\n");
        foreach ((BenchResult result, ResultConclusions conclusions) in results)
            Section(page, result, conclusions);
        page.Append("</main>\n");
        // In JSON the character is only found in strings, where its number means the same; so no text of a result ends the element or begins a comment in it.
        if (json is not null)
            page.Append("<script type=\"application/json\" id=\"decant-results\">\n").Append(json.Trim().Replace("<", "\\u003c", StringComparison.Ordinal)).Append("\n</script>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    static string Escape(string text) => SvgPicture.Escape(text);

    static void Section(StringBuilder page, BenchResult result, ResultConclusions conclusions)
    {
        page.Append($"<h1>{Escape(result.Title)}</h1>\n<p class=\"dim\">{Escape(result.Source)}, {result.Trials.Length} trials{(result.Trials.FirstOrDefault()?.Started is { } started ? $", from {started:yyyy-MM-dd HH:mm} UTC" : "")}</p>\n");
        if (!result.Command.IsEmpty)
            page.Append($"<pre>{Escape(string.Join(' ', result.Command.Select(Launch.ShellWord.Quote)))}</pre>\n");
        foreach (Verdict verdict in conclusions.Verdicts)
        {
            string word = VerdictWord.Of(verdict.Kind);
            page.Append($"<div class=\"verdict {word}\"><b>{Escape(verdict.Question.Subject)}: {word}</b>{Escape(VerdictText.WithoutWord(verdict.Claim))}. <small class=\"dim\">{Escape(verdict.Sentence[(verdict.Claim.Length + 1)..])}</small></div>\n");
        }

        if (!conclusions.Verdicts.IsEmpty && conclusions.Threats.Any(threat => threat.Severity == ThreatSeverity.Disqualifying))
            page.Append("<p style=\"color: var(--bad)\">✖ What is marked so under <i>What limits this</i> could make such differences by itself.</p>\n");
        if (result.Metrics.IsEmpty)
            return;
        page.Append("<p>").AppendJoin("", result.Environments.Select((arm, index) => $"<span class=\"key\"><i class=\"c{index % ArmStyle.Colours}\"></i>{Escape(arm.Name)} <span class=\"dim\">{Escape(arm.Specification)}</span></span>")).Append("</p>\n");
        ResultPictures pictures = new(result, conclusions);
        string label = Escape(BuiltInMetrics.Label(result.Metrics[0].Name));
        if (conclusions.Verdicts.Length > 0)
            Picture(page, $"Ratio{(conclusions.Verdicts.Select(verdict => verdict.Question.Metric).Distinct().Count() > 1 ? "" : $" of {label}")} {(conclusions.Verdicts.Select(verdict => verdict.Question.Baseline).Distinct().Count() > 1 ? "to what each is compared with" : $"to {Escape(conclusions.Verdicts[0].Question.Baseline)}")}", "Points with their intervals; in the green band a difference does not matter.", pictures.Forest);
        Picture(page, $"{Capital(label)} of each trial", "", pictures.Strip);
        Picture(page, "Distribution", "", pictures.Cumulative);
        Picture(page, "In the order of measurement", (pictures.IsTimed ? "Over the time of the clock, UTC. " : "") + "A slope or a step here would be drift of the machine." + (pictures.Temperature is { } heat ? $" Dashed, with the marks on the right: {Escape(heat.Name)}." : ""), pictures.RunOrder);
        Picture(page, "Block by block", "", pictures.Blocks);
        foreach (Waterfall waterfall in conclusions.Waterfalls.Where(waterfall => waterfall.IsLarge))
            Picture(page, $"Where the memory went: {Escape(waterfall.Subject)} against {Escape(waterfall.Baseline)}", Notes(waterfall), size => ResultPictures.Of(waterfall, size));
        const string Typical = "Of each environment the trial whose peak is the median; all panels have the same axes.";
        Picture(page, "Memory of a trial over its time", Typical, new MemoryPicture(result, "Memory of a trial over its time", MemoryPart.OfTrial).Draw);
        Picture(page, "Memory of the host over a trial's time", Typical, new MemoryPicture(result, "Memory of the host over a trial's time", MemoryPart.OfHost).Draw);
        Picture(page, "GPUs over a trial's time", $"Of each environment the trial whose {label} is the median. Of several GPUs the mean of utilisation and clock, the sum of power, the hottest.", new GpuPicture(result).Draw);
        Picture(page, "Around the command", "Medians. Thick bars: wall time, and paler the removal of the container, which comes after it and is no part of it. Thin bars: CPU time.", size => LifecyclePicture.Of(result, conclusions, size));
        Differences(page, result, conclusions);
        Remarks(page, conclusions);
        Metrics(page, result, conclusions);
        SecondOpinionTable.Append(page, result, conclusions, Escape);
        Machine(page, result);
        Trials(page, result);
    }

    static string Notes(Waterfall waterfall)
    {
        IEnumerable<string> files = waterfall.Parts.Select(part => (part.Name, Files: WaterfallText.Files(part))).Where(part => part.Files.Length > 0).Select(part => $"{Escape(Capital(part.Name))}: {Escape(part.Files)}.");
        return string.Join(' ', [.. waterfall.IsExplained ? (string[])[] : ["<span style=\"color: var(--bad)\">More has no name than may be let pass.</span>"], .. files]);
    }

    /// <param name="picture">Of a size; empty where there is nothing to show.</param>
    static void Picture(StringBuilder page, string heading, string note, Func<PictureSize, string> picture)
    {
        if (picture(PictureSize.Wide) is { Length: > 0 } wide)
            page.Append($"<h2>{heading}</h2>\n").Append(note.Length > 0 ? $"<p class=\"dim\">{note}</p>\n" : "").Append(wide).Append(picture(PictureSize.Narrow));
    }

    /// <summary>Where a table may be wider than the screen: it can be reached and moved with the keyboard, and says what it is.</summary>
    internal static string Scrolled(string label) => $"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">";

    static void Remarks(StringBuilder page, ResultConclusions conclusions)
    {
        page.Append("<h2>What limits this</h2>\n");
        if (conclusions.Remarks.IsEmpty && conclusions.Threats.IsEmpty)
            page.Append("<p>Nothing was noticed.</p>\n");
        else
            page.Append("<ul>\n").AppendJoin("", conclusions.Threats.Select(threat => $"<li class=\"{Grade(threat.Severity)}\">{Escape(threat.Sentence)} <span class=\"dim\">{Escape(threat.Evidence)}</span></li>\n"))
                .AppendJoin("", conclusions.Remarks.Select(remark => $"<li>{Escape(remark)}</li>\n")).Append("</ul>\n");
    }

    static string Grade(ThreatSeverity severity) => severity switch
    {
        ThreatSeverity.Disqualifying => "grave",
        ThreatSeverity.Doubt => "doubt",
        _ => "note",
    };

    static void Metrics(StringBuilder page, BenchResult result, ResultConclusions conclusions)
    {
        page.Append($"<h2>All metrics</h2>\n<p class=\"dim\">Medians, and the ratio to the baseline with its interval.</p>\n{Scrolled("All metrics")}<table>\n<thead><tr><th class=\"name\">metric</th>").AppendJoin("", result.Environments.Select(arm => $"<th>{Escape(arm.Name)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (Metric metric in result.Metrics)
        {
            page.Append($"<tr><td class=\"name\" title=\"{Escape(metric.Meaning)}\">{Escape(metric.Name)}</td>");
            foreach (ResultEnvironment arm in result.Environments)
            {
                MetricSummary? summary = conclusions.Summaries.FirstOrDefault(one => one.Metric == metric.Name && one.Environment == arm.Name);
                Comparison? comparison = conclusions.Ratios.FirstOrDefault(one => one.Metric == metric.Name && one.Subject == arm.Name)?.Comparison
                    ?? conclusions.Verdicts.FirstOrDefault(one => one.Question.Metric == metric.Name && one.Question.Subject == arm.Name)?.Comparison;
                page.Append($"<td class=\"pair\">{(summary is null ? "–" : Unbroken(ValueText.Of(summary.Median, metric.Unit)))}"
                    + $"{(comparison is null ? "" : $"<br><span class=\"dim\">{Ratio(comparison.Ratio)}</span>")}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    static string Ratio(Estimate estimate)
    {
        (string ratio, string low, string high) = ValueText.Ratios(estimate);
        return $"{Unbroken(ratio)} {Unbroken($"({low} … {high})")}";
    }

    /// <summary>A line ends before or after it.</summary>
    static string Unbroken(string text) => Escape(text.Replace(' ', '\u00a0'));

    static void Differences(StringBuilder page, BenchResult result, ResultConclusions conclusions)
    {
        if (conclusions.Differences.IsEmpty)
            return;
        page.Append($"<details><summary>What was not the same in the environments ({conclusions.Differences.Length})</summary>\n{Scrolled("What was not the same in the environments")}<table>\n<thead><tr><th class=\"name\"></th>").AppendJoin("", result.Environments.Select(arm => $"<th class=\"words\">{Escape(arm.Name)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (FactDifference difference in conclusions.Differences)
        {
            page.Append($"<tr><td class=\"name\">{Escape(difference.Name)}</td>").AppendJoin("", result.Environments.Select(arm => $"<td class=\"words\">{Escape(difference.Values.GetValueOrDefault(arm.Name, "–"))}</td>")).Append("</tr>\n");
        }

        page.Append("</tbody></table></div></details>\n");
    }

    static void Machine(StringBuilder page, BenchResult result)
    {
        if (result.Design.Count > 0)
            page.Append("<details><summary>How it was measured</summary>\n<table>\n").AppendJoin("", result.Design.Select(fact => $"<tr><td>{Escape(fact.Key)}</td><td class=\"words\">{Escape(fact.Value)}</td></tr>\n")).Append("</table></details>\n");
        if (result.Machine.Count > 0)
            page.Append("<details><summary>The machine</summary>\n<table>\n").AppendJoin("", result.Machine.Select(fact => $"<tr><td>{Escape(fact.Key)}</td><td class=\"words\">{Escape(fact.Value)}</td></tr>\n")).Append("</table></details>\n");
    }

    static void Trials(StringBuilder page, BenchResult result)
    {
        Metric primary = result.Metrics[0];
        page.Append($"<details><summary>All trials ({result.Trials.Length})</summary>\n{Scrolled("All trials")}<table>\n<thead><tr><th>trial</th><th>block</th><th>environment</th><th>{Escape(primary.Name)}</th><th class=\"words\">remarks</th></tr></thead>\n<tbody>\n");
        foreach (Trial trial in result.Trials)
        {
            page.Append($"<tr><td>{trial.Number + 1}</td><td>{trial.Block + 1}</td><td>{Escape(trial.Environment)}</td><td>{(trial.Values.TryGetValue(primary.Name, out double value) ? Escape(ValueText.Of(value, primary.Unit)) : "–")}</td>"
                + $"<td class=\"words\">{Escape(string.Join("; ", trial.Failure is null ? trial.Remarks : [trial.Failure, .. trial.Remarks]))}</td></tr>\n");
        }

        page.Append("</tbody></table></div></details>\n");
    }

    /// <summary>A name such as output_throughput stays as it is.</summary>
    static string Capital(string text) => text.AsSpan().IndexOfAny("_.") >= 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
