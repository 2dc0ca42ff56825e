using System.Text;

namespace Decant.Cli;

/// <summary>Lines of cells below a heading, each column as wide as its widest cell, two spaces apart.</summary>
sealed class TextTable
{
    readonly List<string[]> rows = [];

    public TextTable(params string[] heading) => rows.Add(heading);

    public void Add(params string[] cells) => rows.Add(cells);

    /// <param name="bold">Sets the heading apart, for a terminal.</param>
    public string Render(bool bold)
    {
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }

        StringBuilder text = new();
        for (int r = 0; r < rows.Count; r++)
        {
            StringBuilder line = new();
            for (int i = 0; i < rows[r].Length; i++)
                line.Append(i == 0 ? "" : "  ").Append(rows[r][i].PadRight(widths[i]));
            string trimmed = line.ToString().TrimEnd();
            text.Append(bold && r == 0 ? $"\e[1m{trimmed}\e[0m" : trimmed).Append('\n');
        }

        return text.ToString();
    }
}
