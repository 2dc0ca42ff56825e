namespace Decant.Bench;

/// <summary>Columns of a table whose first line names them. A line with another number of fields is no row, as programs print other lines before and after.</summary>
public sealed class CsvFormat(IReadOnlyList<(string Column, GenericFigure Figure)> figures, char separator = ',') : WorkloadFormat
{
    public override string Name => "csv";

    internal override bool Claims(WorkloadText text) => false;

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        string[] header = [];
        int start = -1;
        for (int i = 0; i < text.Lines.Count && start < 0; i++)
        {
            header = [.. CsvText.Fields(text.Lines[i].Text, separator)];
            if (figures.All(figure => header.Contains(figure.Column)))
                start = i;
        }

        if (start < 0)
            throw new UnreadableException($"no line names the columns {string.Join(", ", figures.Select(figure => figure.Column))}");
        WorkloadLine names = text.Lines[start];
        List<(string[] Fields, int Line)> rows = [];
        foreach (WorkloadLine line in text.Lines.Skip(start + 1))
        {
            string[] fields = [.. CsvText.Fields(line.Text, separator)];
            if (fields.Length == header.Length && line.Text.Length > 0)
                rows.Add((fields, line.Number));
        }

        foreach ((string column, GenericFigure figure) in figures)
        {
            if (header.Count(name => name == column) > 1)
                throw new UnreadableException($"the column {column} comes twice", names.Number);
            int index = Array.IndexOf(header, column);
            yield return figure.Choose([.. rows.Select(row => (Figure.Number(row.Fields[index], row.Line), row.Line))], $"the column {column}");
        }
    }
}
