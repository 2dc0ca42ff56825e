namespace Decant.Bench;

/// <summary>A Measurement of torch.utils.benchmark, printed: its median, or its only value.</summary>
sealed class TorchBenchmarkFormat : WorkloadFormat
{
    const string Mark = "<torch.utils.benchmark.utils.common.Measurement object";

    public override string Name => "torch-benchmark";

    internal override bool Claims(WorkloadText text) => text.Has(Mark);

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        int[] starts = [.. Enumerable.Range(0, text.Lines.Count).Where(i => text.Lines[i].Text.Contains(Mark, StringComparison.Ordinal))];
        if (starts.Length == 0)
            throw new UnreadableException("no Measurement is printed");
        for (int i = 0; i < starts.Length; i++)
        {
            // The first line behind the mark is the statement or its label.
            WorkloadLine[] block = [.. text.Lines.Skip(starts[i]).Take((i + 1 < starts.Length ? starts[i + 1] : text.Lines.Count) - starts[i])];
            string label = block.Length > 1 ? block[1].Text : "";
            WorkloadLine line = block.FirstOrDefault(line => line.Text.StartsWith("Median:", StringComparison.Ordinal));
            if (line.Number == 0)
                line = block.FirstOrDefault(line => line.Words is [{ } number, "s" or "ms" or "us" or "ns"] && Figure.Maybe(number) is not null);
            if (line.Number == 0 || line.Words is not [.., { } time, { } unit])
                throw new UnreadableException("the Measurement has no time", block[0].Number);
            if (block.FirstOrDefault(other => other.Text.Contains("WARNING", StringComparison.Ordinal)) is { Number: > 0 } warning)
                throw new UnreadableException($"the Measurement warns: {warning.Text}", warning.Number);
            string name = starts.Length == 1 ? "time" : $"time.{i + 1}";
            Metric metric = new(name, "s", Direction.LowerIsBetter, "Time of one run of the statement, the median of the measurements, by torch.utils.benchmark.");
            yield return new WorkloadValue(metric, Figure.Seconds(unit, line.Number) * Figure.Number(time, line.Number), label, "", line.Number);
        }
    }
}
