namespace Decant.Bench;

/// <summary>OSU micro-benchmarks: one metric for each message size. Their MB are 1e6 bytes.</summary>
sealed class OsuFormat : WorkloadFormat
{
    const double Microsecond = 1e-6, Megabyte = 1e6;

    public override string Name => "osu";

    internal override bool Claims(WorkloadText text) => Title(text) is not null;

    static WorkloadLine? Title(WorkloadText text) =>
        text.Lines.FirstOrDefault(line => line.Text.StartsWith("# OSU ", StringComparison.Ordinal) && line.Text.Contains(" Test", StringComparison.Ordinal)) is { Number: > 0 } title ? title : null;

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        if (Title(text) is not { } title)
            throw new UnreadableException("the line \"# OSU … Test\" is missing");
        WorkloadLine header = text.Lines.FirstOrDefault(line => line.Text.StartsWith('#') && (line.Text.Contains("Latency", StringComparison.Ordinal) || line.Text.Contains("Bandwidth", StringComparison.Ordinal)) && line.Text.Contains('('));
        if (header.Number == 0)
            throw new UnreadableException("the line with the columns is missing", title.Number);
        bool latency = header.Text.Contains("(us)", StringComparison.Ordinal), bandwidth = header.Text.Contains("(MB/s)", StringComparison.Ordinal);
        if (latency == bandwidth)
            throw new UnreadableException("the columns tell neither a latency in us nor a bandwidth in MB/s", header.Number);
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

    static string Size(string scope) => scope.Length > 0 ? $", {scope}" : "";
}
