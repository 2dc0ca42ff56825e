namespace Decant.Bench;

/// <summary>OSU micro-benchmarks: one metric for each message size. Their MB are 1e6 bytes.</summary>
sealed class OsuFormat : WorkloadFormat
{
    const double Microsecond = 1e-6, Megabyte = 1e6;

    public override string Name => "osu";

    internal override bool Claims(WorkloadText text) => text.Starting("# OSU ").Any();

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        WorkloadLine title = text.Only("# OSU ");
        WorkloadLine header = text.Lines.FirstOrDefault(line => line.Text.StartsWith('#') && (IsLatency(line) || IsBandwidth(line)));
        if (header.Number == 0)
            throw new UnreadableException("no line of columns tells a latency in us or a bandwidth in MB/s", title.Number);
        bool latency = IsLatency(header);
        bool sized = header.Text.Contains("# Size", StringComparison.Ordinal);
        bool validated = header.Text.Contains("Validation", StringComparison.Ordinal);
        string test = title.Text.TrimStart('#', ' ');
        foreach (WorkloadLine line in text.Lines.Where(line => line.Number > title.Number && line.Text.Length > 0 && !line.Text.StartsWith('#')))
        {
            string[] words = line.Words;
            // The program's own rows are of numbers; what others print among them is not.
            if (Figure.Maybe(words[0]) is null)
                continue;
            if (sized && words.Length < 2)
                throw new UnreadableException("a row has no value", line.Number);
            if (validated && words[^1] != "Pass")
                throw new UnreadableException($"the message of {words[0]} bytes was not validated: {words[^1]}", line.Number);
            double value = Figure.Number(words[sized ? 1 : 0], line.Number);
            string name = $"{(latency ? "latency" : "bandwidth")}{(sized ? $".{words[0]}" : "")}", scope = sized ? $"{words[0]} B messages" : "";
            yield return latency
                ? new WorkloadValue(new Metric(name, "s", Direction.LowerIsBetter, $"The mean of {test}{Size(scope)}."), Microsecond * value, scope, "", line.Number)
                : new WorkloadValue(new Metric(name, "B/s", Direction.HigherIsBetter, $"The bandwidth of {test}{Size(scope)}."), Megabyte * value, scope, "", line.Number);
        }
    }

    static bool IsLatency(WorkloadLine line) => line.Text.Contains("Latency", StringComparison.Ordinal) && line.Text.Contains("(us)", StringComparison.Ordinal);

    static bool IsBandwidth(WorkloadLine line) => line.Text.Contains("Bandwidth (MB/s)", StringComparison.Ordinal);

    static string Size(string scope) => scope.Length > 0 ? $", {scope}" : "";
}
