namespace Decant.Bench;

/// <summary>STREAM's table. Its MB are 1e6 bytes, and a run without "Solution Validates" is none.</summary>
sealed class StreamFormat : WorkloadFormat
{
    const double Megabyte = 1e6;

    static readonly string[] _functions = ["Copy", "Scale", "Add", "Triad"];

    public override string Name => "stream";

    internal override bool Claims(WorkloadText text) => text.Has("Best Rate MB/s") && text.Starting("Triad:").Any();

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        if (text.Lines.FirstOrDefault(line => line.Text.Contains("Failed Validation", StringComparison.Ordinal)) is { Number: > 0 } failed)
            throw new UnreadableException(failed.Text, failed.Number);
        if (!text.Has("Solution Validates"))
            throw new UnreadableException("the line \"Solution Validates\" is missing");
        // Relatives of STREAM tell GB/s.
        WorkloadLine header = text.Only("Function");
        if (!header.Text.Contains("MB/s", StringComparison.Ordinal))
            throw new UnreadableException("the table does not tell MB/s", header.Number);
        foreach (string function in _functions)
        {
            WorkloadLine line = text.Only($"{function}:");
            string[] words = line.Words;
            if (words.Length != 5)
                throw new UnreadableException($"\"{function}:\" has {words.Length - 1} numbers and not 4", line.Number);
            string name = function.ToLowerInvariant();
            Metric rate = new($"{name}.bandwidth", "B/s", Direction.HigherIsBetter, $"The best rate of STREAM's {function}, of the fastest iteration.");
            Metric time = new($"{name}.time.mean", "s", Direction.LowerIsBetter, $"The mean time of STREAM's {function}, without the first iteration.");
            yield return new WorkloadValue(rate, Megabyte * Figure.Number(words[1], line.Number), function, "", line.Number);
            yield return new WorkloadValue(time, Figure.Number(words[2], line.Number), function, "", line.Number);
        }
    }
}
