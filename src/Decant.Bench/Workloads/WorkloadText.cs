using System.Text;

namespace Decant.Bench;

/// <summary>An output as parsers see it.</summary>
sealed class WorkloadText
{
    WorkloadText(IReadOnlyList<WorkloadLine> lines) => Lines = lines;

    /// <summary>A line that was overwritten by carriage returns, as progress bars are, gives several of one number.</summary>
    public IReadOnlyList<WorkloadLine> Lines { get; }

    public static WorkloadText Of(string output)
    {
        List<WorkloadLine> lines = [];
        string[] rows = output.Split('\n');
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (string part in rows[i].Split('\r'))
                lines.Add(new WorkloadLine(i + 1, Untagged(Plain(part).Trim())));
        }

        return new WorkloadText(lines);
    }

    public bool Has(string part) => Lines.Any(line => line.Text.Contains(part, StringComparison.Ordinal));

    public IEnumerable<WorkloadLine> Starting(string label) => Lines.Where(line => line.Text.StartsWith(label, StringComparison.Ordinal));

    /// <summary>The JSON of the output: from the first line that begins with a bracket to the last that ends with one, as programs warn before it.</summary>
    /// <exception cref="UnreadableException">There is none, or it is no JSON.</exception>
    public JsonPlace Json() =>
        MaybeJson() ?? throw new UnreadableException("the output has no JSON");

    /// <summary>Null where no line begins with a bracket.</summary>
    public JsonPlace? MaybeJson()
    {
        int first = -1, last = -1;
        for (int i = 0; i < Lines.Count; i++)
        {
            if (first < 0 && Lines[i].Text is ['{' or '[', ..])
                first = i;
            if (Lines[i].Text is [.., '}' or ']'])
                last = i;
        }

        if (first < 0 || last < first)
            return null;
        // Lines keep their numbers: one that progress bars split counts once.
        StringBuilder json = new();
        int number = Lines[first].Number;
        for (int i = first; i <= last; i++)
        {
            json.Append('\n', Lines[i].Number - number).Append(Lines[i].Text);
            number = Lines[i].Number;
        }

        return JsonText.Parse(Encoding.UTF8.GetBytes(json.ToString()), Lines[first].Number).Root;
    }

    /// <summary>One document a line, of the lines that begin with a bracket.</summary>
    public IEnumerable<JsonPlace> JsonLines() =>
        Lines.Where(line => line.Text.StartsWith('{')).Select(line => JsonText.Parse(Encoding.UTF8.GetBytes(line.Text), line.Number).Root);

    /// <summary>Without escape sequences: ESC [ … letter.</summary>
    static string Plain(string text)
    {
        if (!text.Contains('\e'))
            return text;
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\e')
            {
                plain.Append(text[i]);
                continue;
            }

            if (i + 1 < text.Length && text[i + 1] == '[')
            {
                i += 2;
                while (i < text.Length && text[i] is < '@' or > '~')
                    i++;
            }
        }

        return plain.ToString();
    }

    /// <summary>Without what mpirun --tag-output puts before each line: [1,0]&lt;stdout&gt;:</summary>
    static string Untagged(string text)
    {
        if (text is not ['[', ..])
            return text;
        foreach (string tag in (string[])["<stdout>:", "<stderr>:"])
        {
            int at = text.IndexOf("]" + tag, StringComparison.Ordinal);
            if (at > 0 && text[1..at].All(c => char.IsAsciiDigit(c) || c == ','))
                return text[(at + 1 + tag.Length)..].TrimStart();
        }

        return text;
    }
}
