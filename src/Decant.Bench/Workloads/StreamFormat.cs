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
        foreach (string function in _functions)
        {
            WorkloadLine[] lines = [.. text.Starting($"{function}:")];
            if (lines.Length != 1)
                throw new UnreadableException(lines.Length == 0 ? $"the line \"{function}:\" is missing" : $"\"{function}:\" comes {lines.Length} times", lines.Length == 0 ? null : lines[1].Number);
            string[] words = lines[0].Words;
            if (words.Length != 5)
                throw new UnreadableException($"\"{function}:\" has {words.Length - 1} numbers and not 4", lines[0].Number);
            string name = function.ToLowerInvariant();
            Metric rate = new($"{name}.bandwidth", "B/s", Direction.HigherIsBetter, $"The best rate of STREAM's {function}, of the fastest iteration.");
            Metric time = new($"{name}.time.mean", "s", Direction.LowerIsBetter, $"The mean time of STREAM's {function}, without the first iteration.");
            yield return new WorkloadValue(rate, Megabyte * Figure.Number(words[1], lines[0].Number), function, "", lines[0].Number);
            yield return new WorkloadValue(time, Figure.Number(words[2], lines[0].Number), function, "", lines[0].Number);
        }
    }
}
