using System.Text;

namespace Decant.Cli;

/// <summary>
/// Lines at the end of a terminal that are drawn over in place. It makes the text and escapes to write; who writes them is another matter. The cursor stays at
/// the end of the last line.
/// </summary>
sealed class LiveLines
{
    int[] drawn = [];

    /// <param name="lines">Each shorter than the terminal is wide, without escapes.</param>
    /// <param name="columns">The terminal's width now: when it has become narrower, the terminal has broken the lines that are there.</param>
    public string Redraw(IReadOnlyList<string> lines, int columns)
    {
        string text = Clear(columns) + string.Join('\n', lines);
        drawn = [.. lines.Select(line => line.Length)];
        return text;
    }

    /// <summary>Takes them away; empty where there are none.</summary>
    public string Clear(int columns)
    {
        if (drawn.Length == 0)
            return "";
        int above = drawn.Sum(length => Math.Max(1, (length + columns - 1) / columns)) - 1;
        drawn = [];
        return new StringBuilder(above > 0 ? $"\e[{above}A" : "").Append("\r\e[J").ToString();
    }
}
