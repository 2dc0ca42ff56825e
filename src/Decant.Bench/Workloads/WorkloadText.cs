using System.Text;

namespace Decant.Bench;

/// <summary>An output as parsers see it.</summary>
sealed class WorkloadText
{
    /// <summary>So many lines that begin with a bracket are tried: a log may have thousands.</summary>
    const int MostTries = 50;

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

    /// <summary>The line that begins so.</summary>
    /// <exception cref="UnreadableException">There is none, or there are several.</exception>
    public WorkloadLine Only(string label)
    {
        WorkloadLine[] lines = [.. Starting(label)];
        return lines.Length switch
        {
            1 => lines[0],
            0 => throw new UnreadableException($"the line \"{label}\" is missing"),
            _ => throw new UnreadableException($"\"{label}\" comes {lines.Length} times, first in line {lines[0].Number}, so it is open which one counts", lines[1].Number),
        };
    }

    /// <summary>The JSON of the output, which may stand between other lines.</summary>
    /// <exception cref="UnreadableException">There is none, or it is no JSON.</exception>
    public JsonPlace Json() => MaybeJson() ?? throw new UnreadableException("the output has no JSON");

    /// <summary>The first object, or array of objects or arrays, that begins on a line of its own; null where no line looks like the beginning of one.</summary>
    /// <exception cref="UnreadableException">What looks like one is no JSON: of several, the one that goes furthest.</exception>
    public JsonPlace? MaybeJson()
    {
        UnreadableException? furthest = null;
        int tries = 0;
        for (int i = 0; i < Lines.Count && tries < MostTries; i++)
        {
            if (Lines[i].Text is not ['{' or '[', ..])
                continue;
            tries++;
            try
            {
                JsonPlace root = JsonText.ParseFirst(Bytes(i), Lines[i].Number).Root;
                // [INFO] and [1] begin lines of logs.
                if (root.IsObject || (root.IsArray && root.Items().FirstOrDefault() is { IsObject: true } or { IsArray: true }))
                    return root;
            }
            catch (UnreadableException exception)
            {
                furthest = furthest?.Line >= exception.Line ? furthest : exception;
            }
        }

        return furthest is null ? null : throw furthest;
    }

    /// <summary>The lines from one on, each on the line of its number: one that progress bars split counts once.</summary>
    byte[] Bytes(int first)
    {
        StringBuilder text = new();
        int number = Lines[first].Number;
        for (int i = first; i < Lines.Count; i++)
        {
            text.Append('\n', Lines[i].Number - number).Append(Lines[i].Text);
            number = Lines[i].Number;
        }

        return Encoding.UTF8.GetBytes(text.ToString());
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
