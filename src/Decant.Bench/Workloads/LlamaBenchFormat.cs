using System.Globalization;
using System.Text.RegularExpressions;

namespace Decant.Bench;

/// <summary>
/// llama-bench in any of its formats: json, jsonl, csv, md and sql. One metric for each test, pp512 or tg128, with what tells it from others of its name, such as
/// n_batch, where that is needed.
/// </summary>
sealed partial class LlamaBenchFormat : WorkloadFormat
{
    /// <summary>Fields that are results, or the same for all tests, or tell nothing of the test.</summary>
    static readonly HashSet<string> _results =
    [
        "avg_ns", "stddev_ns", "avg_ts", "stddev_ts", "samples_ns", "samples_ts", "test_time", "n_prompt", "n_gen", "n_depth", "model_size", "model_n_params", "model_filename",
    ];

    sealed record Row(int Line, string Test, double TokensPerSecond, IReadOnlyDictionary<string, string> Settings);

    public override string Name => "llama-bench";

    internal override bool Claims(WorkloadText text) =>
        (text.Has("build_commit") && text.Has("avg_ts")) || text.Starting("| model").Any(line => line.Text.Contains("t/s", StringComparison.Ordinal));

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        Row[] rows =
        [
            .. text.Starting("| model").Any() ? Markdown(text)
                : text.Starting("INSERT INTO").Any() ? Sql(text)
                : text.Starting("build_commit,").Any() ? Csv(text)
                : text.Lines.Any(line => line.Text.StartsWith('[')) ? Json(text.Json().Items())
                : Json(text.JsonLines()),
        ];
        if (rows.Length == 0)
            throw new UnreadableException("no test is told");
        foreach (Row row in rows)
        {
            Row[] alike = [.. rows.Where(other => other.Test == row.Test)];
            IEnumerable<string> settings = alike.SelectMany(other => other.Settings.Keys).Distinct();
            IEnumerable<string> apart = settings.Where(key => alike.Select(other => other.Settings.GetValueOrDefault(key, "")).Distinct().Count() > 1);
            string suffix = string.Concat(apart.Select(key => $".{Slug(key)}_{Slug(row.Settings.GetValueOrDefault(key, ""))}"));
            Metric metric = new(
                $"{row.Test}{suffix}.tokens_per_second", "tokens/s", Direction.HigherIsBetter,
                "Tokens processed (pp) or generated (tg) by time, the mean of the repetitions, by llama-bench.");
            yield return new WorkloadValue(metric, row.TokensPerSecond, row.Test, "", row.Line);
        }
    }

    static IEnumerable<Row> Json(IEnumerable<JsonPlace> tests) => tests.Select(test =>
    {
        Dictionary<string, string> fields = [];
        foreach ((string name, JsonPlace value) in test.Members())
            fields[name] = value.Shown();
        return Of(test.Line, fields, test["avg_ts"].Number());
    });

    static IEnumerable<Row> Csv(WorkloadText text)
    {
        WorkloadLine header = text.Starting("build_commit,").First();
        string[] names = [.. CsvText.Fields(header.Text)];
        foreach (WorkloadLine line in text.Lines.Where(line => line.Number > header.Number && line.Text.Length > 0))
        {
            string[] fields = [.. CsvText.Fields(line.Text)];
            if (fields.Length != names.Length)
                throw new UnreadableException($"the row has {fields.Length} fields and the header {names.Length}", line.Number);
            yield return Of(line.Number, names, fields);
        }
    }

    static IEnumerable<Row> Sql(WorkloadText text)
    {
        foreach (WorkloadLine line in text.Starting("INSERT INTO"))
        {
            Match match = Insert().Match(line.Text);
            if (!match.Success)
                throw new UnreadableException("the statement is cut short", line.Number);
            string[] names = [.. match.Groups["names"].Value.Split(',').Select(name => name.Trim())];
            string[] fields = [.. Quoted().Matches(match.Groups["values"].Value).Select(value => value.Groups["value"].Value)];
            if (fields.Length != names.Length)
                throw new UnreadableException($"the statement has {fields.Length} values of {names.Length} columns", line.Number);
            yield return Of(line.Number, names, fields);
        }
    }

    static Row Of(int line, string[] names, string[] fields)
    {
        Dictionary<string, string> named = [];
        for (int i = 0; i < names.Length; i++)
            named[names[i]] = fields[i];
        return Of(line, named, Figure.Number(named.GetValueOrDefault("avg_ts", ""), line));
    }

    static Row Of(int line, Dictionary<string, string> fields, double tokensPerSecond)
    {
        double Count(string name) => fields.TryGetValue(name, out string? text) ? Figure.Number(text, line) : 0;
        string prompt = Count("n_prompt") is > 0 and double pp ? $"pp{pp}" : "", generated = Count("n_gen") is > 0 and double tg ? $"tg{tg}" : "";
        if (prompt.Length + generated.Length == 0)
            throw new UnreadableException("the test has neither n_prompt nor n_gen", line);
        string depth = Count("n_depth") is > 0 and double d ? $".d{d}" : "";
        return new Row(line, prompt + generated + depth, tokensPerSecond, fields.Where(field => !_results.Contains(field.Key)).ToDictionary());
    }

    /// <summary>| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | CUDA | -1 | tg 128 | 132.19 ± 0.55 |</summary>
    static IEnumerable<Row> Markdown(WorkloadText text)
    {
        WorkloadLine header = text.Starting("| model").First();
        string[] names = Cells(header.Text);
        int test = Array.IndexOf(names, "test"), speed = Array.IndexOf(names, "t/s");
        if (test < 0 || speed < 0)
            throw new UnreadableException("the table has no column test or t/s", header.Number);
        foreach (WorkloadLine line in text.Starting("|").Where(line => line.Number > header.Number))
        {
            if (line.Text.AsSpan().IndexOfAnyExcept("|-: ") < 0)
                continue;
            string[] cells = Cells(line.Text);
            if (cells.Length != names.Length)
                throw new UnreadableException($"the row has {cells.Length} cells and the header {names.Length}", line.Number);
            Dictionary<string, string> settings = [];
            for (int i = 0; i < names.Length; i++)
            {
                if (i != test && i != speed && names[i] is not ("size" or "params"))
                    settings[names[i]] = cells[i];
            }

            // "tg 128" of older versions, "pp512 @ d512" of newer ones.
            string name = cells[test].Replace(" @ ", ".").Replace(" ", "").Replace("+", "");
            yield return new Row(line.Number, Slug(name), Figure.Number(cells[speed].Split('±')[0].Trim(), line.Number), settings);
        }
    }

    static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    /// <summary>Lower case, letters, digits, dots and _: "llama 7B mostly Q4_0" is llama_7b_mostly_q4_0.</summary>
    static string Slug(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? char.ToLower(c, CultureInfo.InvariantCulture) : '_'));

    [GeneratedRegex(@"^INSERT INTO \w+ \((?<names>[^)]*)\) VALUES \((?<values>.*)\);$", RegexOptions.CultureInvariant)]
    private static partial Regex Insert();

    [GeneratedRegex(@"'(?<value>[^']*)'|(?<value>[^,' ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
