namespace Decant.Bench;

/// <summary>HPL: a row for each test. One that has not PASSED its residual check makes the run fail.</summary>
sealed class HplFormat : WorkloadFormat
{
    const double Gigaflop = 1e9;

    public override string Name => "hpl";

    internal override bool Claims(WorkloadText text) => text.Has("Gflops") && text.Lines.Any(IsRow);

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        if (text.Lines.FirstOrDefault(line => line.Text.EndsWith("FAILED", StringComparison.Ordinal)) is { Number: > 0 } failed)
            throw new UnreadableException($"a residual check failed: {failed.Text}", failed.Number);
        WorkloadLine[] rows = [.. text.Lines.Where(IsRow)];
        int passed = text.Lines.Count(line => line.Text.StartsWith("||Ax-b||", StringComparison.Ordinal) && line.Text.EndsWith("PASSED", StringComparison.Ordinal));
        if (rows.Length == 0)
            throw new UnreadableException("the row with Time and Gflops is missing");
        if (passed < rows.Length)
            throw new UnreadableException($"{rows.Length} tests and {passed} residual checks that PASSED");
        for (int i = 0; i < rows.Length; i++)
        {
            string[] words = rows[i].Words;
            string scope = $"{words[0]} N={words[1]} NB={words[2]} P={words[3]} Q={words[4]}", end = rows.Length == 1 ? "" : $".{i + 1}";
            Metric flops = new($"flops{end}", "FLOP/s", Direction.HigherIsBetter, "Floating-point operations by time, by HPL.");
            Metric time = new($"time{end}", "s", Direction.LowerIsBetter, "Time to solve the system, by HPL.");
            yield return new WorkloadValue(flops, Gigaflop * Figure.Number(words[6], rows[i].Number), scope, "", rows[i].Number);
            yield return new WorkloadValue(time, Figure.Number(words[5], rows[i].Number), scope, "", rows[i].Number);
        }
    }

    /// <summary>WR11C2R4       29304     4     2     4            6160.86             2.7232e+00: W, R or C, a depth, a factorisation.</summary>
    static bool IsRow(WorkloadLine line) =>
        line.Text is ['W', 'R' or 'C', ..] && line.Words is { Length: >= 7 } words && words[1..7].All(word => Figure.Maybe(word) is not null);
}
