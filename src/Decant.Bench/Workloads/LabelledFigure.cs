namespace Decant.Bench;

/// <summary>A line of the form "label: number", as a format's table has it.</summary>
/// <param name="Label">How the line begins, without the colon.</param>
/// <param name="Scale">What one of the printed unit is in the metric's.</param>
/// <param name="Required">Whether an output without it is no output of this program.</param>
sealed record LabelledFigure(string Label, Metric Metric, double Scale = 1, bool Required = false)
{
    /// <summary>What may stand directly behind the number: the s of 1.0063s.</summary>
    public string Suffix { get; init; } = "";

    public string Phase { get; init; } = "";

    /// <summary>The figures of the table that the lines have, in the table's order.</summary>
    /// <exception cref="UnreadableException">A required one is missing, one comes twice, or has no number.</exception>
    public static IEnumerable<WorkloadValue> Read(IEnumerable<WorkloadLine> lines, IReadOnlyList<LabelledFigure> table)
    {
        List<(WorkloadLine Line, string Behind)>[] found = [.. table.Select(_ => new List<(WorkloadLine, string)>())];
        foreach (WorkloadLine line in lines)
        {
            for (int i = 0; i < table.Count; i++)
            {
                if (table[i].Rest(line.Text) is { } behind)
                    found[i].Add((line, behind));
            }
        }

        for (int i = 0; i < table.Count; i++)
        {
            LabelledFigure figure = table[i];
            if (found[i].Count > 1)
            {
                throw new UnreadableException(
                    $"\"{figure.Label}\" comes {found[i].Count} times, first in line {found[i][0].Line.Number}, so it is open which one counts", found[i][1].Line.Number);
            }

            if (found[i].Count == 1)
                yield return figure.Value(found[i][0].Line.Number, found[i][0].Behind);
            else if (figure.Required)
                throw new UnreadableException($"the line \"{figure.Label}\" is missing");
        }
    }

    WorkloadValue Value(int line, string rest)
    {
        int end = rest.AsSpan().IndexOfAny(' ', '\t');
        string word = end < 0 ? rest : rest[..end];
        if (Suffix.Length > 0 && word.EndsWith(Suffix, StringComparison.Ordinal))
            word = word[..^Suffix.Length];
        return new WorkloadValue(Metric, Scale * Figure.Number(word, line), "", Phase, line);
    }

    /// <summary>What stands behind the label and its colon; null where the line has another label.</summary>
    string? Rest(string text)
    {
        if (!text.StartsWith(Label, StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> rest = text.AsSpan(Label.Length).TrimStart();
        return rest is [':', ..] ? rest[1..].Trim().ToString() : null;
    }
}
