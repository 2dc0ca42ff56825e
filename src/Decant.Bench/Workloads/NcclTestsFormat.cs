namespace Decant.Bench;

/// <summary>nccl-tests and rccl-tests: bandwidths of each message size, out of place and in place. Their GB are 1e9 bytes.</summary>
sealed class NcclTestsFormat : WorkloadFormat
{
    const double Microsecond = 1e-6, Gigabyte = 1e9;

    public override string Name => "nccl-tests";

    internal override bool Claims(WorkloadText text) => text.Starting("# Avg bus bandwidth").Any() || (text.Has("algbw") && text.Has("busbw"));

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        WorkloadLine bounds = text.Only("# Out of bounds values");
        if (bounds.Words[^1] != "OK")
            throw new UnreadableException(bounds.Text.TrimStart('#', ' '), bounds.Number);
        WorkloadLine average = text.Only("# Avg bus bandwidth");
        Metric mean = new("busbw.mean", "B/s", Direction.HigherIsBetter, "Bus bandwidth, the mean of all sizes, by nccl-tests.");
        yield return new WorkloadValue(mean, Gigabyte * Figure.Number(average.Words[^1], average.Number), "", "", average.Number);
        int rows = 0;
        foreach (WorkloadLine line in text.Lines)
        {
            // Figures come in sets of four, in newer versions one and not two, behind size, count, type, redop and, but for old versions, root.
            if (line.Words is not { Length: 8 or 9 or 12 or 13 } words || Figure.Maybe(words[0]) is null || Figure.Maybe(words[1]) is null)
                continue;
            rows++;
            int leading = 4 + words.Length % 4;
            for (int set = 0; leading + 4 * set < words.Length; set++)
            {
                string place = set == 0 ? "" : ".in_place", scope = $"{words[0]} B, {(set == 0 ? "out of place" : "in place")}";
                ReadOnlySpan<string> figures = words.AsSpan(leading + 4 * set, 4);
                string wrong = figures[3];
                if (Figure.Maybe(wrong) is not 0 and not null)
                    throw new UnreadableException($"{wrong} values of {words[0]} bytes are wrong", line.Number);
                double time = Microsecond * Figure.Number(figures[0], line.Number), bandwidth = Gigabyte * Figure.Number(figures[2], line.Number);
                Metric timed = new($"time.{words[0]}{place}", "s", Direction.LowerIsBetter, $"Time of one operation, {scope}, by nccl-tests.");
                Metric moved = new($"busbw.{words[0]}{place}", "B/s", Direction.HigherIsBetter, $"Bus bandwidth, {scope}, by nccl-tests.");
                yield return new WorkloadValue(timed, time, scope, "", line.Number);
                yield return new WorkloadValue(moved, bandwidth, scope, "", line.Number);
            }
        }

        if (rows == 0)
            throw new UnreadableException("the table has no row", average.Number);
    }
}
