using System.Text;

namespace Decant.Bench;

/// <summary>A line of comma-separated values (RFC 4180), whose fields may stand in quotes.</summary>
static class CsvText
{
    public static IEnumerable<string> Fields(string line, char separator = ',')
    {
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == separator && !quoted)
            {
                yield return field.ToString().Trim();
                field.Clear();
            }
            else
                field.Append(line[i]);
        }

        yield return field.ToString().Trim();
    }
}
